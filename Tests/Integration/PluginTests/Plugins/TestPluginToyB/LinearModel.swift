import SentryPluginAPI

/// logits = W x + b for the one task of the dataset.
final class LinearModel: Model, @unchecked Sendable {
  struct Options: Decodable {
    var side: Int
    var device: Int32
    var tasks: [ClassificationTask]
    var seed: UInt64
  }

  let specification: ModelSpecification
  let parameters: [NamedTensor]
  private let weight, bias, weightGradient, biasGradient: Tensor
  private var input: Tensor?

  init(_ options: Options) throws {
    guard let task = options.tasks.first, options.tasks.count == 1 else {
      throw PluginError.invalid("toy-linear has one head, the dataset has \(options.tasks.count) tasks")
    }
    let (classes, inputs) = (task.classes.count, options.side * options.side)
    specification = ModelSpecification(
      architecture: "linear \(inputs) to \(classes)",
      input: TensorSpecification(.float32, [1, options.side, options.side], layout: "CHW"),
      outputs: [.logits(task.name, classes: task.classes)])
    // Small, different for every seed, and the same for the same one.
    let scale = 0.001 * Float(options.seed % 7 + 1)
    weight = Tensor([classes, inputs], (0..<classes * inputs).map { Float($0 % 5) * scale })
    (weightGradient, bias, biasGradient) = (Tensor([classes, inputs]), Tensor([classes]), Tensor([classes]))
    // A view that claims to be elsewhere: what --cpu has to refuse.
    let claimed = Tensor(weight.shape, .float32, over: weight.data, owner: weight, deviceType: options.device)
    parameters = [
      NamedTensor("linear.weight", claimed, gradient: weightGradient, role: .trainable),
      NamedTensor("linear.bias", bias, gradient: biasGradient, role: .trainable),
    ]
  }

  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    self.input = training ? input : nil
    let (batch, classes, inputs) = (input.shape[0], weight.shape[0], weight.shape[1])
    let (x, w, b) = (
      try input.elements(as: Float.self), try weight.elements(as: Float.self), try bias.elements(as: Float.self)
    )
    var logits = [Float](repeating: 0, count: batch * classes)
    for row in 0..<batch {
      for head in 0..<classes {
        logits[row * classes + head] = (0..<inputs).reduce(b[head]) {
          $0 + w[head * inputs + $1] * x[row * inputs + $1]
        }
      }
    }
    return [Tensor([batch, classes], logits)]
  }

  func backward(_ gradients: [Tensor?], accumulate: Bool) throws {
    guard let input, let upstream = gradients[0] else {
      throw PluginError.invalid("backward without a training forward")
    }
    let (batch, classes, inputs) = (input.shape[0], weight.shape[0], weight.shape[1])
    let (x, g) = (try input.elements(as: Float.self), try upstream.elements(as: Float.self))
    let (w, b) = (try weightGradient.elements(as: Float.self), try biasGradient.elements(as: Float.self))
    for head in 0..<classes {
      b[head] = (accumulate ? b[head] : 0) + (0..<batch).reduce(0) { $0 + g[$1 * classes + head] }
      for pixel in 0..<inputs {
        let sum = (0..<batch).reduce(Float(0)) { $0 + g[$1 * classes + head] * x[$1 * inputs + pixel] }
        w[head * inputs + pixel] = (accumulate ? w[head * inputs + pixel] : 0) + sum
      }
    }
  }
}
