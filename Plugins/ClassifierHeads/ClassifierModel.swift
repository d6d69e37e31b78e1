import SentryModels
import SentryNN
import SentryPluginAPI

/// ``ClassifierNet`` as the border sees it: the logits of each task that the dataset has labels for, and the 512-d embedding.
final class ClassifierModel: SamplingModel, @unchecked Sendable {
  let specification: ModelSpecification
  let parameters: [NamedTensor]
  private let net: ClassifierNet

  init(options: ClassifierModelOptions, host: Host) throws {
    guard options.input.dtype == .float32, options.input.shape.count == 1, let features = options.input.shape.first,
      features > 0
    else {
      throw PluginError.invalid(
        "this model takes vectors of features, float32 [features], not \(options.input)",
        hint: "sentry embed makes such vectors of other models' inputs")
    }
    var settings = ClassifierNet.Options()
    (settings.features, settings.seed) = (features, options.seed)
    settings.dropoutScale = Float(options.dropoutScale)
    settings.tasks = options.tasks.map { ($0.name, $0.classes.count) }
    net = try ClassifierNet(settings, executor: host)
    parameters = net.arena.namedTensors
    specification = ModelSpecification(
      architecture: "classifier heads", input: options.input,
      outputs: options.tasks.map { .logits($0.name, classes: $0.classes) } + [
        .embedding("embedding", shape: [ClassifierNet.embeddingSize])
      ], stochastic: options.dropoutScale > 0)
    host.log(.debug, "\(net.arena.parameters.reduce(0) { $0 + $1.count }) parameters")
  }

  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    try outputs(of: input, training: training, seed: training ? seed : nil)
  }

  func sample(_ input: Tensor, seed: UInt64) throws -> [Tensor] {
    try outputs(of: input, training: false, seed: seed)
  }

  private func outputs(of input: Tensor, training: Bool, seed: UInt64?) throws -> [Tensor] {
    guard input.shape.count == 2, input.shape[0] > 0, input.shape[1] == net.options.features else {
      throw PluginError.invalid("expected a batch of [\(net.options.features)], got \(input.shape)")
    }
    let batch = input.shape[0]
    let output = try net.forward(input: try input.floats(), batch: batch, training: training, seed: seed)
    return zip(net.options.tasks, output.logits).map { Tensor([batch, $0.classes], copying: $1) } + [
      Tensor([batch, ClassifierNet.embeddingSize], copying: output.embedding)
    ]
  }

  func backward(_ gradients: [Tensor?], accumulate: Bool) throws {
    let tasks = net.options.tasks.count
    guard gradients.count == tasks + 1 else {
      throw PluginError.invalid("\(gradients.count) gradients for \(tasks + 1) outputs")
    }
    let slopes = try gradients.map { try $0?.floats() }
    try net.backward(
      logitsGradients: Array(slopes[..<tasks]), embeddingGradient: slopes[tasks], accumulate: accumulate)
  }
}
