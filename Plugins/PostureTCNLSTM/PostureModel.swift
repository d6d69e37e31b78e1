import SentryModels
import SentryNN
import SentryPluginAPI

/// ``PostureNet`` as the border sees it: the logits of each task of the dataset, and the 512-d embedding.
final class PostureModel: SamplingModel, @unchecked Sendable {
  let specification: ModelSpecification
  let parameters: [NamedTensor]
  private let net: PostureNet

  init(options: PostureModelOptions, host: Host) throws {
    guard options.input.dtype == .float32, options.input.shape.count == 2, let features = options.input.shape.last,
      features > 0
    else {
      throw PluginError.invalid(
        "this model takes sequences, float32 [frames, features], not \(options.input)",
        hint: "choose a dataset of sequences, or an augmenter that makes them")
    }
    var settings = PostureNet.Options()
    (settings.features, settings.seed) = (features, options.seed)
    settings.dropoutScale = Float(options.dropoutScale)
    settings.tasks = options.tasks.map { PostureNet.Task($0.name, classes: $0.classes.count) }
    net = try PostureNet(settings, executor: host)
    parameters = net.arena.namedTensors
    specification = ModelSpecification(
      architecture: "TCN-LSTM", input: TensorSpecification(.float32, options.input.shape, layout: "TF"),
      outputs: options.tasks.map { .logits($0.name, classes: $0.classes) } + [
        .embedding("embedding", shape: [PostureNet.embeddingSize])
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
    guard input.shape.count == 3, input.shape[0] > 0, input.shape[1] > 0, input.shape[2] == net.options.features else {
      throw PluginError.invalid("expected a batch of [frames, \(net.options.features)], got \(input.shape)")
    }
    let (batch, steps) = (input.shape[0], input.shape[1])
    let output = try net.forward(
      input: try input.floats(), batch: batch, steps: steps, training: training, seed: seed)
    return zip(net.options.tasks, output.logits).map { Tensor([batch, $0.classes], copying: $1) } + [
      Tensor([batch, PostureNet.embeddingSize], copying: output.embedding)
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

  func parametersChanged() throws { net.parametersChanged() }
}
