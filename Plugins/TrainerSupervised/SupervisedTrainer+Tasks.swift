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

  /// The labels, one column a head.
  func labels(of batch: Batch, _ session: Session) throws -> [Head.Labels] {
    let (targets, tasks, rows) = (
      try batch.targets.array(of: Int64.self), session.heads.count, batch.inputs.shape.first ?? 0
    )
    guard batch.targets.shape == [rows, tasks] else {
      throw PluginError("targets \(batch.targets.shape) for \(rows) samples of \(tasks) tasks")
    }
    let soft = try batch.softTargets.map { try distributions(in: $0, rows: rows, session) }
    return (0..<tasks).map { task in
      Head.Labels(
        classes: stride(from: task, to: targets.count, by: tasks).map { Int32(truncatingIfNeeded: targets[$0]) },
        soft: soft?[task])
    }
  }

  /// What lies one task after the other in each row, by task; nil for a task without any.
  private func distributions(in tensor: Tensor, rows: Int, _ session: Session) throws -> [[Float]?] {
    let width = session.heads.reduce(0) { $0 + $1.classes }
    guard tensor.shape == [rows, width] else {
      throw PluginError("soft targets \(tensor.shape) for \(rows) samples of \(width) classes")
    }
    let values = try tensor.elements(as: Float.self)
    var first = 0
    return session.heads.map { head in
      let columns = first..<first + head.classes
      first = columns.upperBound
      let own = (0..<rows).flatMap { row in columns.map { values[row * width + $0] } }
      return own.allSatisfy(\.isNaN) ? nil : own
    }
  }

  /// How many samples of a batch have a label for any task: what the batch weighs in the mean loss of an epoch.
  func labelledSamples(of batch: Batch) throws -> Int {
    let (targets, tasks) = (try batch.targets.elements(as: Int64.self), max(batch.targets.shape.last ?? 1, 1))
    let soft = try batch.softTargets?.elements(as: Float.self)
    let width = batch.softTargets?.shape.last ?? 0
    return stride(from: 0, to: targets.count, by: tasks).count { first in
      let row = first / tasks
      return targets[first..<min(first + tasks, targets.count)].contains { $0 >= 0 }
        || soft.map { $0[row * width..<(row + 1) * width].contains { !$0.isNaN } } ?? false
    }
  }

  /// The result of a batch that teaches nothing: the model stays as it is.
  func withoutLabels(_ session: Session) -> StepResult {
    let none = [Int](repeating: 0, count: session.heads.count)
    return StepResult(loss: 0, lossWeight: 0, learningRate: learningRate, correct: none, labelled: none)
  }
}
