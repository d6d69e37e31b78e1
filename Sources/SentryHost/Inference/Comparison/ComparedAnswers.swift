import SentryPluginAPI
import SentryRuntime

/// The answers of all models of a comparison to one task: which were right, by model, seed and sample.
struct ComparedAnswers {
  let task: ClassificationTask
  /// Whether all seeds are about the same samples.
  let isCrossed: Bool
  /// By seed, the positions of the samples that have a label.
  let labelled: [[Int]]
  /// By seed, the true class of each of them.
  let truth: [[Int]]
  /// By model and seed, the answer to each of them.
  let predicted: [[[Int]]]

  /// - Parameter evaluations: by model and seed; within a seed of the same samples.
  /// - Returns: nil where no sample has a label.
  init?(_ name: String, _ evaluations: [[StoredEvaluation]]) {
    let all = evaluations.map { $0.compactMap { evaluation in evaluation.tasks.first { $0.name == name } } }
    guard let first = all.first, let task = first.first, zip(all, evaluations).allSatisfy({ $0.count == $1.count })
    else {
      return nil
    }
    self.task = ClassificationTask(name, classes: task.classes)
    let labelled = first.map { task in task.truth.indices.filter { task.truth[$0] != nil } }
    guard labelled.allSatisfy({ !$0.isEmpty }) else { return nil }
    self.labelled = labelled
    truth = zip(first, labelled).map { task, positions in positions.compactMap { task.truth[$0] } }
    predicted = all.map { zip($0, labelled).map { task, positions in positions.map { task.predicted[$0] } } }
    isCrossed = evaluations[0].allSatisfy { $0.isOfSameSamples(as: evaluations[0][0]) }
  }

  var seedCount: Int { labelled.count }

  func isRight(model: Int, seed: Int, sample: Int) -> Bool {
    predicted[model][seed][sample] == truth[seed][sample]
  }

  func accuracy(model: Int, seed: Int) -> Double {
    let right = truth[seed].indices.count { isRight(model: model, seed: seed, sample: $0) }
    return Double(right) / Double(truth[seed].count)
  }

  /// Over the samples of several seeds.
  func confusion(model: Int, seeds: [Int]) -> ConfusionMatrix {
    var matrix = ConfusionMatrix(classCount: task.classes.count)
    for seed in seeds {
      for (truth, answer) in zip(truth[seed], predicted[model][seed]) { matrix.add(truth: truth, predicted: answer) }
    }
    return matrix
  }

  /// By seed, for each sample: 1 where only this model is right, −1 where only the first is, else 0.
  func wins(of model: Int) -> [[Int8]] {
    labelled.indices.map { seed in
      truth[seed].indices.map { sample in
        (isRight(model: model, seed: seed, sample: sample) ? 1 : 0)
          - (isRight(model: 0, seed: seed, sample: sample) ? 1 : 0)
      }
    }
  }
}

extension StoredEvaluation {
  /// Whether another evaluation is of the same samples with the same targets, in the same order.
  func isOfSameSamples(as other: StoredEvaluation) -> Bool { difference(fromSamplesOf: other) == nil }

  /// What of another evaluation's samples is otherwise; nil where they are the same.
  func difference(fromSamplesOf other: StoredEvaluation) -> String? {
    let kind = ComponentKind.dataset.rawValue
    if origin.split != other.origin.split { return "the splits differ: \(origin.split); \(other.origin.split)" }
    if origin.components[kind]?.options != other.origin.components[kind]?.options {
      return "the options of the dataset differ"
    }
    if names.count != other.names.count { return "the numbers of samples differ: \(names.count); \(other.names.count)" }
    if names != other.names || indices != other.indices { return "the samples differ" }
    let isSame = zip(tasks, other.tasks).allSatisfy { own, other in
      own.name == other.name && own.classes == other.classes && own.truth == other.truth
    }
    return isSame && tasks.count == other.tasks.count ? nil : "the tasks, classes or labels differ"
  }
}
