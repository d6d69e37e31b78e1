import SentryModels
import SentryNN
import SentryPluginAPI

/// ``MobileEmotionNet`` as the border sees it: one task, its logits, and the 1280-d embedding.
typealias MobileNetModel = NetworkModel<MobileEmotionNet>

extension NetworkModel<MobileEmotionNet> {
  convenience init(options: MobileNetModelOptions, host: Host) throws {
    guard let task = options.tasks.first, options.tasks.count == 1 else {
      throw PluginError.invalid("this model predicts one task, but the dataset has \(options.tasks.map(\.name))")
    }
    try self.init(
      {
        let net = try MobileEmotionNet(
          imageSize: options.inputSize, classes: task.classes.count, normMomentum: options.normMomentum,
          seed: options.initialSeed, executor: host)
        if options.freeze == .backbone { net.freezeBackbone() }
        return net
      },
      specification: ModelSpecification(
        architecture: "MobileNetV3-Small",
        input: TensorSpecification(.float32, [1, options.inputSize, options.inputSize], layout: "CHW"),
        heads: [task], embedding: EmotionHead.embeddingSize, stochastic: true),
      host: host, syncsBatchNorm: options.syncBatchNorm)
    guard let file = options.pretrained else { return }
    let weights = try PretrainedWeights(file: file, of: .mobileNetV3Small)
    host.log(.info, try weights.load(into: parameters, stem: options.pretrainedStem))
    net.parametersChanged()
  }
}

extension PretrainedWeights.Network {
  static let mobileNetV3Small = PretrainedWeights.Network(
    title: "MobileNetV3-Small", torchvision: "mobilenet_v3_small",
    stem: StemNames(convolution: "backbone.features.0.0", norm: "backbone.features.0.1"))
}
