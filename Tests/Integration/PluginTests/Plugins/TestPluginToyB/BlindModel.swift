import SentryPluginAPI

/// logits = b for the one task of the dataset, whatever the input is: what a model that looks has to surpass.
final class BlindModel: Model, @unchecked Sendable {
  struct Options: Decodable {
    var tasks: [ClassificationTask]
  }

  let specification: ModelSpecification
  let parameters: [NamedTensor]
  private let bias, gradient: Tensor

  init(_ options: Options) throws {
    guard let task = options.tasks.first, options.tasks.count == 1 else {
      throw PluginError.invalid("toy-blind has one head, the dataset has \(options.tasks.count) tasks")
    }
    specification = ModelSpecification(
      architecture: "bias of \(task.classes.count)", input: TensorSpecification(.float32, [1, 16, 16], layout: "CHW"),
      outputs: [.logits(task.name, classes: task.classes)])
    (bias, gradient) = (Tensor([task.classes.count]), Tensor([task.classes.count]))
    parameters = [NamedTensor("bias", bias, gradient: gradient, role: .trainable)]
  }

  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    let values = try bias.array(of: Float.self)
    return [
      Tensor([input.shape[0], values.count], [[Float]](repeating: values, count: input.shape[0]).flatMap(\.self))
    ]
  }

  func backward(_ gradients: [Tensor?], accumulate: Bool) throws {
    guard let upstream = gradients[0] else { throw PluginError.invalid("there is no gradient") }
    let (g, own) = (try upstream.elements(as: Float.self), try gradient.elements(as: Float.self))
    for label in own.indices {
      let sum = stride(from: label, to: g.count, by: own.count).reduce(Float(0)) { $0 + g[$1] }
      own[label] = (accumulate ? own[label] : 0) + sum
    }
  }
}
