import SentryModels
import SentryNN
import SentryPluginAPI

/// ``EmotionNet`` as the border sees it: one task, its logits, and the 1280-d embedding.
typealias EmotionModel = NetworkModel<EmotionNet>

extension NetworkModel<EmotionNet> {
  convenience init(options: EmotionModelOptions, host: Host) throws {
    guard let task = options.tasks.first, options.tasks.count == 1 else {
      throw PluginError.invalid("this model predicts one task, but the dataset has \(options.tasks.map(\.name))")
    }
    var settings = EmotionNet.Options()
    (settings.imageSize, settings.classes) = (options.inputSize, task.classes.count)
    settings.seed = options.initialSeed
    settings.frozenNorm = options.frozenNorm == .running ? .runningStatistics : .batchStatistics
    (settings.precision, settings.forcesPrecision) = (options.precision == .bf16 ? .bf16 : .f32, options.forceBF16)
    settings.memory = options.recompute ? .low : .normal
    settings.schedule = options.workDistribution == .dynamic ? .dynamic : .fixed
    try self.init(
      {
        let net = try EmotionNet(settings, executor: host)
        for parameter in net.parameters {
          parameter.trainable = !options.effectiveFreeze.frozenPrefixes.contains(where: parameter.name.hasPrefix)
        }
        return net
      },
      specification: ModelSpecification(
        architecture: "DenseNet121",
        input: TensorSpecification(.float32, [1, options.inputSize, options.inputSize], layout: "CHW"),
        heads: [task], embedding: EmotionHead.embeddingSize, stochastic: true),
      host: host, syncsBatchNorm: options.syncBatchNorm)
    if let file = options.pretrained {
      let report = try PretrainedWeights(file: file, of: .denseNet121).load(
        into: parameters, stem: options.pretrainedStem)
      host.log(.info, report)
      net.parametersChanged()
    }
  }
}

extension PretrainedWeights.Network {
  static let denseNet121 = PretrainedWeights.Network(
    title: "DenseNet121", torchvision: "densenet121",
    stem: StemNames(convolution: "backbone.features.conv0", norm: "backbone.features.norm0"))
}
