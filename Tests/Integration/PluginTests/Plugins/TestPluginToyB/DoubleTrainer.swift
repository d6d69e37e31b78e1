import Glibc
import SentryPluginAPI

/// As ``LinearModel``, in double precision.
final class DoubleModel: Model, @unchecked Sendable {
  let specification: ModelSpecification
  let parameters: [NamedTensor]
  private let weight, gradient: Tensor
  private var input: Tensor?

  init(_ options: LinearModel.Options) throws {
    guard let task = options.tasks.first else { throw PluginError.invalid("no task") }
    let (classes, inputs) = (task.classes.count, options.side * options.side)
    specification = ModelSpecification(
      architecture: "linear \(inputs) to \(classes), float64",
      input: TensorSpecification(.float32, [1, options.side, options.side], layout: "CHW"),
      outputs: [.logits(task.name, classes: task.classes)])
    weight = Tensor([classes, inputs], (0..<classes * inputs).map { Double($0 % 5) * 0.001 })
    gradient = Tensor([classes, inputs], .float64)
    parameters = [NamedTensor("linear.weight", weight, gradient: gradient, role: .trainable)]
  }

  /// float64 logits in training, float32 ones for the host else.
  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    self.input = training ? input : nil
    let (x, w) = (try input.elements(as: Float.self), try weight.elements(as: Double.self))
    let (classes, inputs) = (weight.shape[0], weight.shape[1])
    let logits = (0..<input.shape[0] * classes).map { place in
      (0..<inputs).reduce(0.0) { $0 + w[place % classes * inputs + $1] * Double(x[place / classes * inputs + $1]) }
    }
    let shape = [input.shape[0], classes]
    return [training ? Tensor(shape, logits) : Tensor(shape, logits.map(Float.init))]
  }

  func backward(_ gradients: [Tensor?], accumulate: Bool) throws {
    guard let input, let upstream = gradients[0] else { throw PluginError.invalid("no training forward") }
    let (x, g) = (try input.elements(as: Float.self), try upstream.elements(as: Double.self))
    let (w, classes, inputs) = (try gradient.elements(as: Double.self), weight.shape[0], weight.shape[1])
    for place in w.indices {
      w[place] = (0..<input.shape[0]).reduce(0.0) {
        $0 + g[$1 * classes + place / inputs] * Double(x[$1 * inputs + place % inputs])
      }
    }
  }
}

/// Mean cross-entropy of the labelled samples and plain gradient descent in double precision; with other processes it is that of
/// the whole batch. Every third sample trains without its label.
final class DoubleTrainer: SharingTrainer, @unchecked Sendable {
  private let lr: Double
  private let host: Host
  private var model: (any Model)?
  private var share: BatchShare?
  let state: [NamedTensor] = []

  init(lr: Double, host: Host) { (self.lr, self.host) = (lr, host) }

  func begin(_ model: any Model, run: RunSpecification) throws { self.model = model }
  func useShare(_ share: BatchShare) throws { self.share = share }
  func beginEpoch(_ epoch: Int) throws {}
  func endEpoch(_ epoch: Int, metrics: [String: Double]) throws -> EpochDecision {
    EpochDecision(best: epoch == 0, stop: false)
  }
  func save() -> JSONValue { [:] }
  func restore(_ state: JSONValue) throws {}

  func step(_ batch: Batch) throws -> StepResult {
    guard let model, let parameter = model.parameters.first, let gradient = parameter.gradient else {
      throw PluginError.invalid("step before begin")
    }
    let logits = try model.forward(batch.inputs, training: true, seed: batch.seed)[0]
    let first = share?.first ?? 0
    var judged = try judge(try logits.array(of: Double.self), batch, classes: logits.shape[1]) { ($0 + first) % 3 > 0 }
    let sums = Tensor([3], [judged.loss, Double(judged.correct), Double(judged.labelled)])
    try host.sum(sums)
    let totals = try sums.array(of: Double.self)
    for place in judged.gradient.indices { judged.gradient[place] /= totals[2] }
    try model.backward([Tensor(logits.shape, judged.gradient)], accumulate: false)
    try host.sum(gradient)
    let (w, g) = (try parameter.value.elements(as: Double.self), try gradient.elements(as: Double.self))
    for place in w.indices { w[place] -= lr * g[place] }
    try model.parametersChanged()
    return StepResult(
      loss: totals[0] / totals[2], lossWeight: totals[2], learningRate: lr, correct: [Int(totals[1])],
      labelled: [Int(totals[2])])
  }

  func evaluate(_ batch: Batch) throws -> StepResult {
    guard let model else { throw PluginError.invalid("evaluate before begin") }
    let logits = try model.forward(batch.inputs, training: false, seed: 0)[0]
    let judged = try judge(
      try logits.array(of: Float.self).map(Double.init), batch, classes: logits.shape[1]
    ) { _ in true }
    return StepResult(
      loss: judged.loss / Double(max(judged.labelled, 1)), lossWeight: Double(judged.labelled), learningRate: lr,
      correct: [judged.correct], labelled: [judged.labelled], logits: [logits])
  }

  private func judge(_ logits: [Double], _ batch: Batch, classes: Int, _ counts: (Int) -> Bool) throws
    -> (loss: Double, gradient: [Double], correct: Int, labelled: Int)
  {
    let targets = try batch.targets.elements(as: Int64.self)
    var result = (loss: 0.0, gradient: [Double](repeating: 0, count: logits.count), correct: 0, labelled: 0)
    for row in 0..<batch.inputs.shape[0] where counts(row) && targets[row] >= 0 {
      let scores = logits[row * classes..<(row + 1) * classes]
      let peak = scores.max() ?? 0
      let total = scores.reduce(0) { $0 + exp($1 - peak) }
      let target = row * classes + Int(targets[row])
      for place in scores.indices { result.gradient[place] = exp(scores[place] - peak) / total }
      result.gradient[target] -= 1
      result.loss -= logits[target] - peak - log(total)
      result.correct += scores.firstIndex(of: peak) == target ? 1 : 0
      result.labelled += 1
    }
    return result
  }
}
