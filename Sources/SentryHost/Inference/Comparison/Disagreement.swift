/// A sample on which only one of two models is right, in one seed at least.
struct Disagreement: Sendable, Equatable {
  /// Of the seeds, where each has samples of its own; nil where it is a sample of all of them.
  var seed: Int?
  /// Among the samples of the evaluation.
  var position: Int
  var truth: Int
  /// The answers of the first model and of the other one: one for each seed, or that of ``seed``.
  var first, other: [Int]
  /// Seeds in which only the other model is right less those in which only the first is.
  var balance: Int

  /// In rounds that take one sample of each true class, so that the first of them are of all classes. Within a class and within a
  /// round those come first on which most seeds agree, then the classes in the order of the task.
  static func found(in answers: ComparedAnswers, model: Int, wins: [[Int8]]) -> [Disagreement] {
    func disagreement(_ seeds: [Int], _ sample: Int, isOwn: Bool) -> Disagreement? {
      guard seeds.contains(where: { wins[$0][sample] != 0 }) else { return nil }
      return Disagreement(
        seed: isOwn ? seeds[0] : nil, position: answers.labelled[seeds[0]][sample],
        truth: answers.truth[seeds[0]][sample],
        first: seeds.map { answers.predicted[0][$0][sample] },
        other: seeds.map { answers.predicted[model][$0][sample] },
        balance: seeds.reduce(0) { $0 + Int(wins[$1][sample]) })
    }
    let seeds = Array(0..<answers.seedCount)
    let found =
      answers.isCrossed
      ? wins[0].indices.compactMap { disagreement(seeds, $0, isOwn: false) }
      : seeds.flatMap { seed in wins[seed].indices.compactMap { disagreement([seed], $0, isOwn: true) } }
    let byAgreement = found.enumerated().sorted { left, right in
      (-abs(left.element.balance), left.offset) < (-abs(right.element.balance), right.offset)
    }.map(\.element)
    var taken = [Int](repeating: 0, count: answers.task.classes.count)
    let rounds = byAgreement.map { disagreement in
      defer { taken[disagreement.truth] += 1 }
      return taken[disagreement.truth]
    }
    return zip(rounds, byAgreement).sorted { left, right in
      (left.0, -abs(left.1.balance), left.1.truth) < (right.0, -abs(right.1.balance), right.1.truth)
    }.map(\.1)
  }
}
