import Glibc
import SentryPluginAPI
import Synchronization

/// SGD with momentum and a decaying rate; keeps the best accuracy, and may stop.
final class ToyTrainer: Trainer, Sendable {
  private struct Values {
    var model: (any Model)?
    var momentum: [NamedTensor] = []
    var tasks: [RunSpecification.CountedTask] = []
    var rate = 0.0
    var best = -1.0
    var worse = 0
  }
  private let values = Mutex(Values())
  private let patience: Int
  let calibrates: Bool

  init(patience: Int = 100, calibrates: Bool = false) { (self.patience, self.calibrates) = (patience, calibrates) }

  func begin(_ model: any Model, run: RunSpecification) throws {
    values.withLock {
      $0 = Values()
      $0.model = model
      $0.tasks = run.tasks
      $0.momentum = model.parameters.filter { $0.role == .trainable }
        .map { NamedTensor("momentum_buffer/\($0.name)", Tensor($0.value.shape)) }
    }
  }

  func beginEpoch(_ epoch: Int) throws { values.withLock { $0.rate = 0.3 / Double(epoch + 1) } }

  func step(_ batch: Batch) throws -> StepResult { try run(batch, training: true) }
  func evaluate(_ batch: Batch) throws -> StepResult { try run(batch, training: false) }

  private func run(_ batch: Batch, training: Bool) throws -> StepResult {
    try values.withLock { this in
      guard let model = this.model else { throw PluginError("step before begin") }
      let logits = try model.forward(batch.inputs, training: training, seed: batch.seed)
      let targets = try batch.targets.elements(as: Int64.self)
      var result = StepResult(loss: 0, lossWeight: Double(batch.inputs.shape[0]), correct: [], labelled: [])
      var gradients: [Tensor?] = []
      for (task, logits) in logits.enumerated() {
        let gradient = Tensor(logits.shape)
        let head = try crossEntropy(logits, gradient) { Int(targets[$0 * this.tasks.count + task]) }
        result.loss += head.loss
        result.correct.append(head.correct)
        result.labelled.append(head.labelled)
        gradients.append(gradient)
      }
      result.learningRate = this.rate
      if training {
        try model.backward(gradients, accumulate: false)
        for (parameter, momentum) in zip(model.parameters.filter { $0.role == .trainable }, this.momentum) {
          guard let gradient = parameter.gradient else { throw PluginError("\(parameter.name) has no gradient") }
          let (p, g) = (try parameter.value.elements(as: Float.self), try gradient.elements(as: Float.self))
          let m = try momentum.value.elements(as: Float.self)
          for index in p.indices {
            m[index] = 0.9 * m[index] + g[index]
            p[index] -= Float(this.rate) * m[index]
          }
        }
        try model.parametersChanged()
      } else {
        result.logits = logits
      }
      return result
    }
  }

  func endEpoch(_ epoch: Int, metrics: [String: Double]) throws -> EpochDecision {
    values.withLock {
      let best = (metrics["val_acc"] ?? -1) > $0.best
      $0.best = max($0.best, metrics["val_acc"] ?? -1)
      $0.worse = best ? 0 : $0.worse + 1
      return EpochDecision(best: best, stop: $0.worse >= patience, reason: $0.worse >= patience ? "no progress" : nil)
    }
  }

  var state: [NamedTensor] { values.withLock { $0.momentum } }

  func save() -> JSONValue {
    values.withLock {
      [
        "best": .number($0.best), "worse": .integer($0.worse),
        "param_groups": [
          [
            "lr": .number($0.rate), "momentum": 0.9,
            "params": .array($0.momentum.map { .string(String($0.name.dropFirst("momentum_buffer/".count))) }),
          ]
        ],
      ]
    }
  }

  func restore(_ state: JSONValue) throws {
    try values.withLock {
      guard let best = state["best"]?.doubleValue, let worse = state["worse"]?.intValue,
        let rate = state["param_groups"]?.arrayValue?.first?["lr"]?.doubleValue
      else { throw PluginError.invalid("the toy's state is incomplete") }
      ($0.best, $0.worse, $0.rate) = (best, worse, rate)
    }
  }
}

extension ToyTrainer: CalibratingTrainer {
  /// A temperature that depends on every answer of the one half, and a report that depends on every one of the other.
  func calibrate(fitting: Answers, judging: Answers) throws -> JSONValue {
    func mean(_ answers: Answers) throws -> Float {
      let all = try answers.logits.flatMap { try $0.array(of: Float.self) }
      return all.reduce(0) { $0 + abs($1) } / Float(max(all.count, 1))
    }
    guard let temperature = values.withLock({ $0.model?.temperature }) else { throw PluginError("no temperature") }
    let (before, after) = (try temperature.value.array(of: Float.self)[0], try 1 + mean(fitting))
    try temperature.value.elements(as: Float.self)[0] = after
    return [
      "summary": "fitted", "before": .number(Double(before)), "temperature": .number(Double(after)),
      "fitted_on": .integer(fitting.targets.shape[0]), "judged_on": .integer(judging.targets.shape[0]),
      "judged": .number(Double(try mean(judging))),
    ]
  }
}

/// The mean loss over the labelled rows, its gradient, and the top-1 hits.
private func crossEntropy(_ logits: Tensor, _ gradient: Tensor, target: (Int) -> Int) throws -> (
  loss: Double, correct: Int, labelled: Int
) {
  let (y, dy) = (try logits.elements(as: Float.self), try gradient.elements(as: Float.self))
  let (rows, classes) = (logits.shape[0], logits.shape[1])
  let labelled = (0..<rows).count { target($0) >= 0 }
  var (loss, correct) = (0.0, 0)
  for row in 0..<rows where target(row) >= 0 {
    let scores = (0..<classes).map { y[row * classes + $0] }
    let top = scores.max() ?? 0
    let sum = scores.reduce(Float(0)) { $0 + exp($1 - top) }
    loss += Double(log(sum) + top - scores[target(row)]) / Double(labelled)
    if scores.firstIndex(of: top) == target(row) { correct += 1 }
    for label in 0..<classes {
      dy[row * classes + label] =
        (exp(scores[label] - top) / sum - (label == target(row) ? 1 : 0)) / Float(labelled)
    }
  }
  return (loss, correct, labelled)
}
