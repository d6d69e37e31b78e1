@testable import SentryPluginAPI

/// Another trainer that cannot split a batch.
struct WholeBatchTrainer: TaskLossTrainer {
  let inner: any TaskLossTrainer

  var taskLosses: [WeightedLoss] { inner.taskLosses }

  func begin(_ model: any Model, run: RunSpecification) throws { try inner.begin(model, run: run) }
  func beginEpoch(_ epoch: Int) throws { try inner.beginEpoch(epoch) }
  func step(_ batch: Batch) throws -> StepResult { try inner.step(batch) }
  func evaluate(_ batch: Batch) throws -> StepResult { try inner.evaluate(batch) }
  func endEpoch(_ epoch: Int, metrics: [String: Double]) throws -> EpochDecision {
    try inner.endEpoch(epoch, metrics: metrics)
  }
  var state: [NamedTensor] { inner.state }
  func save() -> JSONValue { inner.save() }
  func restore(_ state: JSONValue) throws { try inner.restore(state) }
}
