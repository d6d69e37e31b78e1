import SentryModels
import SentryNN
import SentryPluginAPI

/// ``PostureNet`` as the border sees it: the logits of each task of the dataset, and the 512-d embedding.
typealias PostureModel = NetworkModel<PostureNet>

extension NetworkModel<PostureNet> {
  convenience init(options: PostureModelOptions, host: Host) throws {
    guard options.input.dtype == .float32, options.input.shape.count == 2, let features = options.input.shape.last,
      features > 0
    else {
      throw PluginError.invalid(
        "this model takes sequences, float32 [frames, features], not \(options.input)",
        hint: "choose a dataset of sequences, or an augmenter that makes them")
    }
    var settings = PostureNet.Options()
    settings.features = features
    settings.seed = options.initialSeed
    settings.dropoutScale = Float(options.dropoutScale)
    settings.tasks = options.tasks.map { PostureNet.Task($0.name, classes: $0.classes.count) }
    try self.init(
      { try PostureNet(settings, executor: host) },
      specification: ModelSpecification(
        architecture: "TCN-LSTM", input: TensorSpecification(.float32, options.input.shape, layout: "TF"),
        heads: options.tasks, embedding: PostureNet.embeddingSize, stochastic: options.dropoutScale > 0),
      host: host, syncsBatchNorm: options.syncBatchNorm)
  }
}
