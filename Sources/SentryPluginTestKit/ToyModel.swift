import Glibc
import SentryBase
import SentryPluginAPI

/// A linear classifier with one task: what trainers are tested with.
final class ToyModel: Model, @unchecked Sendable {
  static let features = 6
  static let task = ClassificationTask("toy", classes: ["a", "b", "c"])

  let specification = ModelSpecification(
    architecture: "linear", input: TensorSpecification(.float32, [features]),
    outputs: [.logits(task.name, classes: task.classes)])
  let parameters: [NamedTensor]
  private var input: Tensor?
  private var (weight, bias): (Tensor, Tensor)

  init(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let classes = Self.task.classes.count
    weight = Tensor(
      [classes, Self.features], (0..<classes * Self.features).map { _ in Float(random.gaussian() * 0.1) })
    bias = Tensor([classes])
    parameters = [
      NamedTensor("weight", weight, gradient: Tensor(weight.shape), role: .trainable),
      NamedTensor("bias", bias, gradient: Tensor(bias.shape), role: .trainable),
    ]
  }

  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    guard input.shape.dropFirst() == [Self.features], input.shape[0] > 0 else {
      throw PluginError.invalid("the input is \(input.shape)")
    }
    if training { self.input = Tensor(input.shape, try input.array(of: Float.self)) }
    let (x, w, b) = (
      try input.elements(as: Float.self), try weight.elements(as: Float.self), try bias.elements(as: Float.self)
    )
    let output = Tensor([input.shape[0], b.count])
    let y = try output.elements(as: Float.self)
    for row in 0..<input.shape[0] {
      for c in 0..<b.count {
        y[row * b.count + c] = (0..<Self.features).reduce(b[c]) {
          $0 + w[c * Self.features + $1] * x[row * Self.features + $1]
        }
      }
    }
    return [output]
  }

  func backward(_ gradients: [Tensor?], accumulate: Bool) throws {
    guard let input else { throw PluginError.invalid("backward without a forward pass") }
    let x = try input.elements(as: Float.self)
    guard let dw = try parameters[0].gradient?.elements(as: Float.self),
      let db = try parameters[1].gradient?.elements(as: Float.self)
    else { return }
    if !accumulate {
      dw.update(repeating: 0)
      db.update(repeating: 0)
    }
    guard let slopes = try gradients.first??.elements(as: Float.self) else { return }
    for row in 0..<input.shape[0] {
      for c in 0..<db.count {
        let slope = slopes[row * db.count + c]
        db[c] += slope
        for f in 0..<Self.features { dw[c * Self.features + f] += slope * x[row * Self.features + f] }
      }
    }
  }
}
