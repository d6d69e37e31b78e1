import Glibc
import SentryPluginAPI

/// Cross entropy and gradient descent with momentum. Unchecked: the host never makes two calls at once.
final class TemplateNameTrainer: Trainer, @unchecked Sendable {
  struct Options: Decodable {
    var lr: Double
    var momentum: Double
    var patience: Int
  }
  private let options: Options
  private var model: (any Model)?
  /// For each output of the model, the column of its task in the targets; nil for an embedding.
  private var columns: [Int?] = []
  private var trained: [NamedTensor] = []
  /// The tensors of the state, which checkpoints hold under these names.
  private(set) var state: [NamedTensor] = []
  private var (bestAccuracy, epochsWithoutProgress) = (-1.0, 0)

  init(options: Options) { self.options = options }

  func begin(_ model: any Model, run: RunSpecification) throws {
    let outputs = model.specification.outputs
    columns = outputs.map { output in
      run.tasks.firstIndex { $0.name == output.name && $0.classes.count == output.classes?.count }
    }
    for (index, task) in run.tasks.enumerated() where !columns.contains(index) {
      throw PluginError.invalid("the model has no logits for task '\(task.name)' with \(task.classes.count) classes")
    }
    trained = model.parameters.filter { $0.role == .trainable && $0.gradient != nil }
    // Throws for parameters on a device, or of another type: a model that updates itself needs a trainer that asks it to.
    for parameter in trained { _ = try parameter.value.elements(as: Float.self) }
    state = trained.map { NamedTensor("momentum_buffer/\($0.name)", Tensor($0.value.shape)) }
    self.model = model
  }

  func beginEpoch(_ epoch: Int) throws {}

  func step(_ batch: Batch) throws -> StepResult {
    var (result, gradients) = try pass(batch, training: true)
    guard result.loss.isFinite else {
      throw PluginError(
        "the loss is \(result.loss)", hint: "a smaller learning rate: --set trainer.lr=\(options.lr / 10)")
    }
    try model?.backward(gradients, accumulate: false)
    var squares = 0.0
    for (parameter, momentum) in zip(trained, state) {
      guard let slope = try parameter.gradient?.elements(as: Float.self) else { continue }
      let (values, memory) = (
        try parameter.value.elements(as: Float.self), try momentum.value.elements(as: Float.self)
      )
      for index in values.indices {
        squares += Double(slope[index]) * Double(slope[index])
        memory[index] = Float(options.momentum) * memory[index] + slope[index]
        values[index] -= Float(options.lr) * memory[index]
      }
    }
    // Models keep packed copies of their weights.
    try model?.parametersChanged()
    result.gradientNorm = squares.squareRoot()
    result.learningRate = options.lr
    return result
  }

  func evaluate(_ batch: Batch) throws -> StepResult { try pass(batch, training: false).result }

  func endEpoch(_ epoch: Int, metrics: [String: Double]) throws -> EpochDecision {
    let accuracy = metrics["val_acc"] ?? 0
    let isBest = accuracy > bestAccuracy
    bestAccuracy = max(accuracy, bestAccuracy)
    epochsWithoutProgress = isBest ? 0 : epochsWithoutProgress + 1
    let stops = epochsWithoutProgress >= options.patience
    return EpochDecision(
      best: isBest, stop: stops, reason: stops ? "no progress in \(options.patience) epochs" : nil)
  }

  /// What is not a tensor, so that a run that was stopped goes on as if it had not been.
  func save() -> JSONValue {
    ["best_accuracy": .number(bestAccuracy), "epochs_without_progress": .integer(epochsWithoutProgress)]
  }

  func restore(_ state: JSONValue) throws {
    bestAccuracy = state["best_accuracy"]?.doubleValue ?? -1
    epochsWithoutProgress = state["epochs_without_progress"]?.intValue ?? 0
  }

  /// The mean cross entropy over the labelled samples of each task, summed over the tasks, and the gradient of each output.
  private func pass(_ batch: Batch, training: Bool) throws -> (result: StepResult, gradients: [Tensor?]) {
    guard let model else { throw PluginError("the trainer was not begun") }
    let outputs = try model.forward(batch.inputs, training: training, seed: batch.seed)
    let (targets, tasks) = (try batch.targets.elements(as: Int64.self), batch.targets.shape[1])
    var result = StepResult(
      loss: 0, lossWeight: Double(batch.targets.shape[0]), correct: [Int](repeating: 0, count: tasks),
      labelled: [Int](repeating: 0, count: tasks))
    var logits = [Tensor?](repeating: nil, count: tasks)
    var gradients: [Tensor?] = []
    for (output, column) in zip(outputs, columns) {
      guard let column else {
        gradients.append(nil)
        continue
      }
      logits[column] = output
      let (gradient, classes) = (Tensor(output.shape), output.shape[1])
      let (values, slopes) = (try output.elements(as: Float.self), try gradient.elements(as: Float.self))
      let rows = (0..<output.shape[0]).filter { targets[$0 * tasks + column] >= 0 }
      for row in rows {
        let (scores, target) = (values[row * classes..<(row + 1) * classes], Int(targets[row * tasks + column]))
        let largest = scores.max() ?? 0
        let sum = scores.reduce(0) { $0 + exp(Double($1 - largest)) }
        result.loss += (log(sum) - Double(scores[row * classes + target] - largest)) / Double(rows.count)
        result.labelled[column] += 1
        if scores.firstIndex(of: largest) == row * classes + target { result.correct[column] += 1 }
        for index in scores.indices {
          let probability = exp(Double(scores[index] - largest)) / sum
          slopes[index] = Float((probability - (index == row * classes + target ? 1 : 0)) / Double(rows.count))
        }
      }
      gradients.append(gradient)
    }
    result.logits = logits.compactMap { $0 }
    return (result, gradients)
  }
}
