import SentryModels
import SentryNN
import SentryPluginAPI

/// ``ClassifierNet`` as the border sees it: the logits of each task that the dataset has labels for, and the 512-d embedding.
typealias ClassifierModel = NetworkModel<ClassifierNet>

extension NetworkModel<ClassifierNet> {
  convenience init(options: ClassifierModelOptions, host: Host) throws {
    guard options.input.dtype == .float32, options.input.shape.count == 1, let features = options.input.shape.first,
      features > 0
    else {
      throw PluginError.invalid(
        "this model takes vectors of features, float32 [features], not \(options.input)",
        hint: "sentry embed makes such vectors of other models' inputs")
    }
    var settings = ClassifierNet.Options()
    settings.features = features
    settings.seed = options.initialSeed
    settings.dropoutScale = Float(options.dropoutScale)
    settings.tasks = options.tasks.map { ($0.name, $0.classes.count) }
    try self.init(
      { try ClassifierNet(settings, executor: host) },
      specification: ModelSpecification(
        architecture: "classifier heads", input: options.input, heads: options.tasks,
        embedding: ClassifierNet.embeddingSize, stochastic: options.dropoutScale > 0),
      host: host)
  }
}
