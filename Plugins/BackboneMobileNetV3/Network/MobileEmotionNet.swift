import SentryModels
import SentryNN
import SentryThreads

/// Emotions from a grey face: ``MobileNetV3Small`` and ``EmotionHead``.
///
/// Parameters and buffers keep their addresses as long as the network lives. One caller at a time.
final class MobileEmotionNet {
  let imageSize: Int
  let context: ComputeContext
  let arena = ParameterArena()
  let backbone: MobileNet
  let head: EmotionHead
  /// The pass that the next backward pass belongs to.
  var pass: Pass?
  var seed: UInt64?

  /// - Parameters:
  ///   - normMomentum: the share of a batch in the running statistics.
  ///   - seed: of the initial weights; nil where they are going to be set.
  /// - Throws: ``NNError`` for an image size below 32 or no class, a CPU without AVX2, or where memory is short.
  init(
    imageSize: Int, classes: Int, normMomentum: Double = MobileNetV3Small.norm.momentum, seed: UInt64? = 0,
    executor: any ParallelExecutor
  ) throws {
    guard imageSize >= MobileNet.minimumSize, imageSize <= 4096, classes >= 1 else {
      throw NNError(
        .invalidInput, "no MobileNetV3 for \(imageSize)×\(imageSize) images and \(classes) classes",
        hint: "use image sizes from \(MobileNet.minimumSize) to 4096 and at least one class")
    }
    self.imageSize = imageSize
    context = try ComputeContext(executor: executor, maximumChannels: MobileNetV3Small.features)
    backbone = try MobileNetV3Small.backbone(
      "backbone", size: imageSize,
      norm: BatchNorm.Settings(epsilon: MobileNetV3Small.norm.epsilon, momentum: normMomentum), context: context,
      in: arena)
    head = EmotionHead(features: MobileNetV3Small.features, classes: classes, context: context, in: arena)
    try arena.seal()
    guard let seed else { return }
    var random = RandomStream(seed: seed)
    backbone.initialise(&random)
    head.initialise(&random)
  }

  private var backboneParameters: [Parameter] { arena.parameters.filter { $0.name.hasPrefix("backbone.") } }

  var trainsBackbone: Bool { backboneParameters.contains(where: \.trainable) }

  /// It stays as it is, running statistics included.
  func freezeBackbone() { for parameter in backboneParameters { parameter.trainable = false } }
}
