import SentryPluginAPI
import SentryRuntime

/// The average of the weights, where the trainer keeps one: models are judged and written by it, and trained without it.
extension TrainingRun {
  /// Lets the model have the average meanwhile.
  func averaged<Result>(_ body: () throws -> Result) throws -> Result { try withAverage(true, body) }

  /// Lets the model have the trained values meanwhile, also within ``averaged(_:)``.
  func trained<Result>(_ body: () throws -> Result) throws -> Result { try withAverage(false, body) }

  private func withAverage<Result>(_ average: Bool, _ body: () throws -> Result) throws -> Result {
    guard components.trainer.keepsAverage, average != usesAverage else { return try body() }
    try use(average)
    let result: Result
    do {
      result = try body()
    } catch {
      // The run has failed for the first reason, and what is saved holds.
      try? use(!average)
      throw error
    }
    try use(!average)
    return result
  }

  private func use(_ average: Bool) throws {
    try components.trainer.useAverage(average)
    usesAverage = average
  }
}

extension NamedTensor {
  /// Whether the tensor is of the average of the weights: in the run's state, not in checkpoints, whose model has it.
  var isOfAverage: Bool { name.hasPrefix("average/") }
}
