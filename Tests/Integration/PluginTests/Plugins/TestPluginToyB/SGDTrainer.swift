import Glibc
import SentryPluginAPI

/// Mean cross-entropy of one task, and w ← w − lr · ∂w.
final class SGDTrainer: Trainer, @unchecked Sendable {
  struct Options: Decodable {
    var lr: Double
    var spoilAfter: Int?
    enum CodingKeys: String, CodingKey {
      case lr
      case spoilAfter = "spoil-after"
    }
  }

  private let options: Options
  private var model: (any Model)?
  private var best = -1.0
  let state: [NamedTensor] = []

  init(_ options: Options) { self.options = options }

  func begin(_ model: any Model, run: RunSpecification) throws { self.model = model }
  func beginEpoch(_ epoch: Int) throws {}

  func step(_ batch: Batch) throws -> StepResult {
    let (result, gradient, model) = try loss(batch, training: true)
    try model.backward([gradient], accumulate: false)
    for parameter in model.parameters {
      guard let gradient = try parameter.gradient?.elements(as: Float.self) else { continue }
      let value = try parameter.value.elements(as: Float.self)
      for index in value.indices { value[index] -= Float(options.lr) * gradient[index] }
    }
    try model.parametersChanged()
    return result
  }

  func evaluate(_ batch: Batch) throws -> StepResult { try loss(batch, training: false).0 }

  func endEpoch(_ epoch: Int, metrics: [String: Double]) throws -> EpochDecision {
    let accuracy = metrics["val_acc"] ?? 0
    defer { best = options.spoilAfter.map { $0 > 0 && epoch >= $0 } == true ? .nan : max(best, accuracy) }
    return EpochDecision(best: accuracy > best, stop: false)
  }

  func save() -> JSONValue { ["best": .number(best)] }
  func restore(_ state: JSONValue) throws { best = state["best"]?.doubleValue ?? -1 }

  private func loss(_ batch: Batch, training: Bool) throws -> (StepResult, Tensor, any Model) {
    guard let model else { throw PluginError.invalid("step before begin") }
    let logits = try model.forward(batch.inputs, training: training, seed: batch.seed)[0]
    let (z, targets) = (try logits.elements(as: Float.self), try batch.targets.elements(as: Int64.self))
    let (rows, classes) = (logits.shape[0], logits.shape[1])
    let gradient = Tensor(logits.shape)
    let g = try gradient.elements(as: Float.self)
    var (sum, correct, labelled) = (0.0, 0, 0)
    for row in 0..<rows where targets[row] >= 0 {
      let scores = (0..<classes).map { z[row * classes + $0] }
      let peak = scores.max() ?? 0
      let exponentials = scores.map { exp($0 - peak) }
      let total = exponentials.reduce(0, +)
      let target = Int(targets[row])
      for head in 0..<classes {
        g[row * classes + head] = (exponentials[head] / total - (head == target ? 1 : 0)) / Float(rows)
      }
      sum -= log(Double(exponentials[target] / total))
      correct += scores.firstIndex(of: peak) == target ? 1 : 0
      labelled += 1
    }
    let result = StepResult(
      loss: sum / Double(max(labelled, 1)), lossWeight: Double(labelled), learningRate: options.lr, correct: [correct],
      labelled: [labelled], logits: [logits])
    return (result, gradient, model)
  }
}
