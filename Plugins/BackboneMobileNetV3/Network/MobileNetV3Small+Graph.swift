import SentryModels
import SentryNN
import SentryPluginAPI

/// The network as published, for export: what ``MobileNet`` and ``EmotionHead`` compute in evaluation.
extension ModelGraph {
  /// - Parameter task: the name of the logits.
  static func mobileEmotionNet(task: String) -> ModelGraph {
    var graph = ModelGraph()
    let features = graph.mobileNetV3Small(graph.input, "backbone.features")
    graph.emotionHead(features, task: task)
    return graph
  }

  /// From [N, 1, H, W] to [N, 576].
  private mutating func mobileNetV3Small(_ input: String, _ name: String) -> String {
    var x = convolutionNorm(input, "\(name).0", kernel: 3, stride: 2, .hardSwish)
    var channels = MobileNetV3Small.stemChannels
    for (index, shape) in MobileNetV3Small.blocks.enumerated() {
      x = invertedResidual(x, "\(name).\(index + 1)", shape, channels: channels)
      channels = shape.channels
    }
    x = convolutionNorm(x, "\(name).\(MobileNetV3Small.blocks.count + 1)", .hardSwish)
    return append("Flatten", [append("GlobalAveragePool", [x])], ["axis": .int(1)])
  }

  private mutating func invertedResidual(
    _ input: String, _ name: String, _ shape: InvertedResidual.Shape, channels: Int
  ) -> String {
    var (x, part) = (input, 0)
    func next() -> String {
      defer { part += 1 }
      return "\(name).block.\(part)"
    }
    if shape.expanded != channels { x = convolutionNorm(x, next(), shape.activation) }
    x = convolutionNorm(
      x, next(), kernel: shape.kernel, stride: shape.stride, groups: shape.expanded, shape.activation)
    if shape.excites { x = squeezeExcitation(x, next()) }
    x = convolutionNorm(x, next(), .none)
    return shape.stride == 1 && shape.channels == channels ? append("Add", [x, input]) : x
  }

  private mutating func squeezeExcitation(_ x: String, _ name: String) -> String {
    let mean = append("GlobalAveragePool", [x])
    let hidden = relu(convolution(mean, "\(name).fc1", bias: true))
    let gate = append(
      "HardSigmoid", [convolution(hidden, "\(name).fc2", bias: true)], ["alpha": .float(1 / 6), "beta": .float(0.5)])
    return append("Mul", [x, gate])
  }

  private mutating func convolutionNorm(
    _ input: String, _ name: String, kernel: Int = 1, stride: Int = 1, groups: Int = 1,
    _ activation: ConvolutionNorm.Activation
  ) -> String {
    let convolved = convolution(input, "\(name).0", stride: stride, padding: kernel / 2, groups: groups)
    let x = batchNorm(convolved, "\(name).1", epsilon: MobileNetV3Small.norm.epsilon)
    return switch activation {
    case .none: x
    case .relu: relu(x)
    case .hardSwish: append("HardSwish", [x])
    }
  }
}

extension MobileEmotionNet: GraphDescribingNetwork {
  func graph(_ specification: ModelSpecification) -> ModelGraph {
    .mobileEmotionNet(task: specification.taskNames.first ?? "logits")
  }
}
