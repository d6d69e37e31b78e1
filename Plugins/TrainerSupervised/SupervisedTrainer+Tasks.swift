import SentryPluginAPI

/// Several tasks, and samples that have labels for some of them.
extension SupervisedTrainer {
  /// A misspelt task would train with another weight than was asked for.
  func checkTaskWeights(of tasks: [RunSpecification.CountedTask]) throws {
    let names = tasks.map(\.name)
    for (name, weight) in options.taskWeights.sorted(by: { $0.key < $1.key }) {
      guard names.contains(name) else {
        throw PluginError.invalid(
          "trainer.task-weights names '\(name)', which is not a task of the dataset",
          hint: "the tasks are \(names.joined(separator: ", "))")
      }
      guard weight >= 0, weight.isFinite else {
        throw PluginError.invalid("trainer.task-weights: '\(name)' has the weight \(weight)", hint: "give 0 or more")
      }
    }
    guard names.contains(where: { options.taskWeights[$0] ?? 1 > 0 }) else {
      throw PluginError.invalid(
        "trainer.task-weights gives every task the weight 0", hint: "give one of them more than 0")
    }
  }

  /// How many samples of a batch have a label for any task: what the batch weighs in the mean loss of an epoch.
  func labelledSamples(of batch: Batch) throws -> Int {
    let (targets, tasks) = (try batch.targets.elements(as: Int64.self), max(batch.targets.shape.last ?? 1, 1))
    return stride(from: 0, to: targets.count, by: tasks).count { first in
      targets[first..<min(first + tasks, targets.count)].contains { $0 >= 0 }
    }
  }

  /// The result of a batch that teaches nothing: the model stays as it is.
  func withoutLabels(_ session: Session) -> StepResult {
    let none = [Int](repeating: 0, count: session.heads.count)
    return StepResult(loss: 0, lossWeight: 0, learningRate: learningRate, correct: none, labelled: none)
  }
}
