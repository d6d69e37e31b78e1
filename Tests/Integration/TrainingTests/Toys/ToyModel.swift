import SentryPluginAPI
import Synchronization

/// One linear layer for each task, with drop-out on the input, and a buffer that counts training batches.
final class ToyModel: Model, Sendable {
  struct Head: Sendable { let weight, bias, weightGradient, biasGradient: Tensor }
  let specification: ModelSpecification
  let parameters: [NamedTensor]
  private let heads: [Head]
  private let batches = Tensor([], .int64)
  private let lastInput = Mutex<Tensor?>(nil)
  /// Divides the logits where the model shows it; the backward pass of a toy does without.
  private let temperature: Tensor?

  init(tasks: [ClassificationTask], temperature: Float? = nil) {
    let features = ToyDataset.features
    specification = ModelSpecification(
      architecture: "toy", input: .init(.float32, [features]),
      outputs: tasks.map { .logits($0.name, classes: $0.classes) })
    self.temperature = temperature.map { Tensor([], [$0]) }
    heads = tasks.map { task in
      let (classes, features) = (task.classes.count, ToyDataset.features)
      let start = (0..<classes * features).map { Float(($0 * 37) % 19 - 9) / 90 }
      return Head(
        weight: Tensor([classes, features], start), bias: Tensor([classes]),
        weightGradient: Tensor([classes, features]),
        biasGradient: Tensor([classes]))
    }
    parameters =
      zip(tasks, heads).flatMap { task, head in
        [
          NamedTensor("\(task.name).weight", head.weight, gradient: head.weightGradient, role: .trainable),
          NamedTensor("\(task.name).bias", head.bias, gradient: head.biasGradient, role: .trainable),
        ]
      } + [NamedTensor("num_batches_tracked", batches, role: .buffer)]
      + (self.temperature.map { [NamedTensor("temperature", $0, role: .buffer)] } ?? [])
  }

  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    let features = ToyDataset.features
    let rows = input.shape[0]
    let kept = Tensor(input.shape)
    try kept.copy(from: input)
    let x = try kept.elements(as: Float.self)
    if training {
      for index in x.indices where (seed >> UInt64(index % 60)) & 7 == 0 { x[index] = 0 }
      try batches.elements(as: Int64.self)[0] += 1
      lastInput.withLock { $0 = kept }
    }
    return try heads.map { head in
      let (w, b) = (try head.weight.elements(as: Float.self), try head.bias.elements(as: Float.self))
      let out = Tensor([rows, b.count])
      let y = try out.elements(as: Float.self)
      for row in 0..<rows {
        for label in b.indices {
          var sum = b[label]
          for feature in 0..<features { sum += w[label * features + feature] * x[row * features + feature] }
          y[row * b.count + label] = try sum / (temperature?.elements(as: Float.self)[0] ?? 1)
        }
      }
      return out
    }
  }

  func backward(_ gradients: [Tensor?], accumulate: Bool) throws {
    let features = ToyDataset.features
    guard let input = lastInput.withLock({ $0 }) else { throw PluginError("backward before forward") }
    let x = try input.elements(as: Float.self)
    for (head, gradient) in zip(heads, gradients) {
      let (dw, db) = (try head.weightGradient.elements(as: Float.self), try head.biasGradient.elements(as: Float.self))
      if !accumulate {
        dw.update(repeating: 0)
        db.update(repeating: 0)
      }
      guard let dy = try gradient?.elements(as: Float.self) else { continue }
      for row in 0..<input.shape[0] {
        for label in db.indices {
          let g = dy[row * db.count + label]
          db[label] += g
          for feature in 0..<features { dw[label * features + feature] += g * x[row * features + feature] }
        }
      }
    }
  }
}
