import SentryNN

/// MobileNetV3-Small (Howard et al. 2019, table 2) up to its pooling, for one-channel images: 576 features, 926,720 parameters.
enum MobileNetV3Small {
  static let stemChannels = 16
  static let features = 576

  /// Kernel, expanded channels, output channels, squeeze and excite, activation, stride.
  static let blocks: [InvertedResidual.Shape] = [
    block(3, 16, 16, true, .relu, 2),
    block(3, 72, 24, false, .relu, 2),
    block(3, 88, 24, false, .relu, 1),
    block(5, 96, 40, true, .hardSwish, 2),
    block(5, 240, 40, true, .hardSwish, 1),
    block(5, 240, 40, true, .hardSwish, 1),
    block(5, 120, 48, true, .hardSwish, 1),
    block(5, 144, 48, true, .hardSwish, 1),
    block(5, 288, 96, true, .hardSwish, 2),
    block(5, 576, 96, true, .hardSwish, 1),
    block(5, 576, 96, true, .hardSwish, 1),
  ]

  /// As torchvision has it. The momentum is meant for long training: after 100 steps a third of the first values is left.
  static let norm = BatchNorm.Settings(epsilon: 0.001, momentum: 0.01)

  private static func block(
    _ kernel: Int, _ expanded: Int, _ channels: Int, _ excites: Bool, _ activation: ConvolutionNorm.Activation,
    _ stride: Int
  ) -> InvertedResidual.Shape {
    InvertedResidual.Shape(
      kernel: kernel, expanded: expanded, channels: channels, excites: excites, activation: activation, stride: stride)
  }

  static func backbone(
    _ name: String, size: Int, norm: BatchNorm.Settings, context: ComputeContext, in arena: ParameterArena
  ) throws -> MobileNet {
    try MobileNet(
      name, size: size, stemChannels: stemChannels, blocks: blocks, features: features, norm: norm, context: context,
      in: arena)
  }
}
