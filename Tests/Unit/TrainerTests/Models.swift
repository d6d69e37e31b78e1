import CSentryPlugin
import SentryPluginAPI

/// logits = x·w, with a parameter that is frozen and a buffer.
final class LinearClassifier: Model, @unchecked Sendable {
  let specification: ModelSpecification
  let weight: Tensor
  let gradient: Tensor
  let frozen = Tensor([2], [Float(3), 4])
  let (features, classes): (Int, Int)
  private var input: [Float] = []

  init(features: Int = 2, classes: Int = 3, task: String = "kind") {
    (self.features, self.classes) = (features, classes)
    weight = Tensor([features, classes], (0..<features * classes).map { Float($0) * 0.1 - 0.2 })
    gradient = Tensor([features, classes])
    specification = ModelSpecification(
      architecture: "linear", input: TensorSpecification(.float32, [features]),
      outputs: [
        .embedding("x", shape: [features]), .logits(task, classes: (0..<classes).map { "c\($0)" }),
      ])
  }

  var parameters: [NamedTensor] {
    [
      NamedTensor("weight", weight, gradient: gradient, role: .trainable), NamedTensor("bias", frozen, role: .frozen),
      NamedTensor("count", Tensor([1]), role: .buffer),
    ]
  }

  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    let (x, w) = (try input.array(of: Float.self), try weight.array(of: Float.self))
    self.input = x
    let rows = input.shape[0]
    var logits = [Float](repeating: 0, count: rows * classes)
    for row in 0..<rows {
      for feature in 0..<features {
        for output in 0..<classes {
          logits[row * classes + output] += x[row * features + feature] * w[feature * classes + output]
        }
      }
    }
    return [Tensor(input.shape, x), Tensor([rows, classes], logits)]
  }

  func backward(_ gradients: [Tensor?], accumulate: Bool) throws {
    guard gradients[0] == nil, let logits = try gradients[1]?.array(of: Float.self) else {
      throw PluginError("the embedding has no gradient, the logits have one")
    }
    let out = try gradient.elements(as: Float.self)
    for index in out.indices { out[index] = accumulate ? out[index] : 0 }
    for row in 0..<logits.count / classes {
      for feature in 0..<features {
        for output in 0..<classes {
          out[feature * classes + output] += input[row * features + feature] * logits[row * classes + output]
        }
      }
    }
  }
}

/// A model whose parameters live on a device that this process cannot read: the addresses are nobody's.
final class RemoteModel: SelfUpdatingModel, @unchecked Sendable {
  let specification = ModelSpecification(
    architecture: "remote", input: TensorSpecification(.float32, [2]), outputs: [.logits("kind", classes: ["a", "b"])])
  let updatesItself: Bool
  private(set) var settings: [String] = []
  private(set) var backwards = 0

  init(updatesItself: Bool = true) { self.updatesItself = updatesItself }

  var parameters: [NamedTensor] {
    guard let nowhere = UnsafeMutableRawPointer(bitPattern: 64) else { return [] }
    let tensor = Tensor([1 << 30], over: nowhere, deviceType: SENTRY_DEVICE_EXTENSION)
    return [NamedTensor("weight", tensor, gradient: tensor, role: .trainable)]
  }
  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] { [Tensor([input.shape[0], 2])] }
  func backward(_ gradients: [Tensor?], accumulate: Bool) throws { backwards += 1 }
  func update(_ settings: String) throws -> Double {
    self.settings.append(settings)
    return 0.75
  }
  func transfer(_ name: String, _ tensor: Tensor, write: Bool) throws {}
}

/// A classifier that leaves its embedding out, and never makes it.
final class ThriftyClassifier: LogitsModel, @unchecked Sendable {
  private let inner = LinearClassifier(classes: 2)
  /// Whether for training, by pass.
  private(set) var asked: [Bool] = []

  var specification: ModelSpecification {
    var specification = inner.specification
    specification.optionalOutputs = true
    return specification
  }
  var parameters: [NamedTensor] { inner.parameters }
  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    throw PluginError("all outputs were asked for")
  }
  func forwardLogits(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor?] {
    asked.append(training)
    return [nil, try inner.forward(input, training: training, seed: seed)[1]]
  }
  func backward(_ gradients: [Tensor?], accumulate: Bool) throws {
    try inner.backward(gradients, accumulate: accumulate)
  }
}
