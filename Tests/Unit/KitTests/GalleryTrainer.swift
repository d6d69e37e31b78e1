import Glibc
import SentryPluginAPI

/// Gradient descent with momentum on the cross entropy of one task; correct but for one fault.
final class GalleryTrainer: Trainer, @unchecked Sendable {
  enum Fault: String, CaseIterable, Sendable {
    case weighsNothing, climbs, evaluationLearns, hiddenMomentum, countsMissing, hidesNaN, takesAnyTask,
      believesAnyState
  }

  private let fault: Fault?
  private var model: (any Model)?
  private var velocity: [NamedTensor] = []
  private var rate: Float = 0.1

  init(_ fault: Fault? = nil) { self.fault = fault }

  var state: [NamedTensor] { fault == .hiddenMomentum ? [] : velocity }

  func begin(_ model: any Model, run: RunSpecification) throws {
    let tasks = model.specification.outputs.map(\.name)
    guard fault == .takesAnyTask || run.tasks.allSatisfy({ tasks.contains($0.name) }) else {
      throw PluginError.invalid("the model predicts \(tasks)")
    }
    self.model = model
    velocity = model.parameters.filter { $0.role == .trainable }.map {
      NamedTensor("velocity/\($0.name)", Tensor($0.value.shape))
    }
  }

  func beginEpoch(_ epoch: Int) throws {}
  func endEpoch(_ epoch: Int, metrics: [String: Double]) throws -> EpochDecision {
    EpochDecision(best: true, stop: false)
  }
  func save() -> JSONValue { [:] }
  func restore(_ state: JSONValue) throws {
    guard fault == .believesAnyState || state == [:] else { throw PluginError.invalid("the state is not empty") }
    if state != [:] { rate = .nan }
  }

  func step(_ batch: Batch) throws -> StepResult {
    let model = try begun()
    let (result, slopes) = try judge(model.forward(batch.inputs, training: true, seed: batch.seed)[0], batch.targets)
    try model.backward([slopes], accumulate: false)
    try update(model, rate: fault == .climbs ? -rate : rate)
    return result
  }

  func evaluate(_ batch: Batch) throws -> StepResult {
    let model = try begun()
    let logits = try model.forward(batch.inputs, training: false, seed: 0)[0]
    var result = try judge(logits, batch.targets).result
    result.logits = [logits]
    if fault == .evaluationLearns { try update(model, rate: 0.1) }
    return result
  }

  private func begun() throws -> any Model {
    guard let model else { throw PluginError.invalid("begin was not called") }
    return model
  }

  private func update(_ model: any Model, rate: Float) throws {
    for (parameter, velocity) in zip(model.parameters.filter { $0.role == .trainable }, velocity) {
      guard let slopes = try parameter.gradient?.elements(as: Float.self) else { continue }
      let (values, speeds) = (
        try parameter.value.elements(as: Float.self), try velocity.value.elements(as: Float.self)
      )
      for index in values.indices {
        speeds[index] = 0.9 * speeds[index] + slopes[index]
        values[index] -= rate * speeds[index]
      }
    }
    try model.parametersChanged()
  }

  private func judge(_ logits: Tensor, _ targets: Tensor) throws -> (result: StepResult, slopes: Tensor) {
    let (values, labels) = (try logits.array(of: Float.self), try targets.array(of: Int64.self))
    let classes = logits.shape[1]
    let labelled = max(labels.count { $0 >= 0 }, 1)
    let slopes = Tensor(logits.shape)
    let gradient = try slopes.elements(as: Float.self)
    var (loss, correct) = (0.0, 0)
    for (row, label) in labels.enumerated() where label >= 0 {
      let scores = values[row * classes..<(row + 1) * classes].map(Double.init)
      let largest = scores.max() ?? 0
      let exponentials = scores.map { exp($0 - largest) }
      let sum = exponentials.reduce(0, +)
      loss += (log(sum) + largest - scores[Int(label)]) / Double(labelled)
      if scores[Int(label)] == largest { correct += 1 }
      for c in 0..<classes {
        gradient[row * classes + c] = Float((exponentials[c] / sum - (c == Int(label) ? 1 : 0)) / Double(labelled))
      }
    }
    let counted = fault == .countsMissing ? labels.count : labels.count { $0 >= 0 }
    if fault == .hidesNaN, loss.isNaN { loss = 0 }
    if rate.isNaN { loss = .nan }
    let result = StepResult(
      loss: loss, lossWeight: fault == .weighsNothing ? 0 : Double(labelled), learningRate: 0.1, correct: [correct],
      labelled: [counted])
    return (result, slopes)
  }
}
