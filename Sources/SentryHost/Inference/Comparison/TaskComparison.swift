import SentryPluginAPI

/// How the models of a comparison do at one task.
package struct TaskComparison: Sendable {
  /// How one of them does.
  package struct Score: Sendable, Equatable {
    /// One for each seed.
    package let accuracies: [Double]
    /// Of the mean over the seeds among the samples of one.
    package let interval: Bootstrap.Interval?
    package let deviation: Double?
    /// Beside the majority class: one for each seed, and over the samples of all; nil where those are of one class.
    let baselines: [MajorityBaseline?]
    let baseline: MajorityBaseline?

    /// Whether the numbers are about what the model learned: no seed gave a model that has one answer for nearly all samples, and
    /// all together are right at least as often as the majority class.
    package var hasLearned: Bool {
      !baselines.contains { $0?.isConstant == true } && baseline?.isBelowMajority != true
    }

    package var mean: Double { accuracies.reduce(0, +) / Double(accuracies.count) }

    init(_ answers: ComparedAnswers, model: Int) {
      let seeds = 0..<answers.seedCount
      accuracies = seeds.map { answers.accuracy(model: model, seed: $0) }
      interval = WilsonInterval.interval(
        ofShare: accuracies.reduce(0, +) / Double(accuracies.count), among: answers.labelled.map(\.count).min() ?? 0)
      deviation = SampleDeviation.of(accuracies)
      let classes = answers.task.classes
      baselines = seeds.map { MajorityBaseline(answers.confusion(model: model, seeds: [$0]), classes: classes) }
      baseline = MajorityBaseline(answers.confusion(model: model, seeds: Array(seeds)), classes: classes)
    }
  }

  package let task: ClassificationTask
  /// Samples with a label: by seed.
  package let samples: [Int]
  /// Whether all seeds are about the same samples.
  let isCrossed: Bool
  /// One for each model.
  package let scores: [Score]
  /// Each model but the first against the first.
  package let pairs: [PairComparison]

  /// - Parameter draws: of the bootstrap.
  /// - Returns: nil where no sample has a label.
  init?(_ name: String, _ evaluations: [[StoredEvaluation]], draws: Int, seed: UInt64) {
    guard let answers = ComparedAnswers(name, evaluations) else { return nil }
    (task, isCrossed) = (answers.task, answers.isCrossed)
    samples = answers.labelled.map(\.count)
    let scores = evaluations.indices.map { Score(answers, model: $0) }
    self.scores = scores
    pairs =
      evaluations.indices.dropFirst().compactMap {
        PairComparison(
          answers, model: $0, learned: (scores[0].hasLearned, scores[$0].hasLearned), draws: draws, seed: seed)
      }.corrected
  }
}
