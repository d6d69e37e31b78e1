import SentryModels
import SentryPluginAPI

/// The network as published, for export: what ``DenseNet121`` and ``EmotionHead`` compute in evaluation.
extension ModelGraph {
  /// - Parameter task: the name of the logits.
  static func emotionNet(task: String) -> ModelGraph {
    var graph = ModelGraph()
    let features = graph.denseNet121(graph.input, "backbone.features")
    graph.emotionHead(features, task: task)
    return graph
  }

  /// From [N, 1, H, W] to [N, 1024].
  private mutating func denseNet121(_ input: String, _ name: String) -> String {
    let stem = relu(batchNorm(convolution(input, "\(name).conv0", stride: 2, padding: 3), "\(name).norm0"))
    var x = append(
      "MaxPool", [stem], ["kernel_shape": .ints([3, 3]), "strides": .ints([2, 2]), "pads": .ints([1, 1, 1, 1])])
    for (index, layers) in DenseNet121.layersPerBlock.enumerated() {
      x = denseBlock(x, "\(name).denseblock\(index + 1)", layers: layers)
      if index + 1 < DenseNet121.layersPerBlock.count { x = transition(x, "\(name).transition\(index + 1)") }
    }
    let pooled = append("GlobalAveragePool", [relu(batchNorm(x, "\(name).norm5"))])
    return append("Flatten", [pooled], ["axis": .int(1)])
  }

  private mutating func denseBlock(_ input: String, _ name: String, layers: Int) -> String {
    var parts = [input]
    for layer in 1...layers {
      let x = parts.count == 1 ? input : concatenation(parts)
      let prefix = "\(name).denselayer\(layer)"
      let bottleneck = convolution(relu(batchNorm(x, "\(prefix).norm1")), "\(prefix).conv1")
      parts.append(convolution(relu(batchNorm(bottleneck, "\(prefix).norm2")), "\(prefix).conv2", padding: 1))
    }
    return concatenation(parts)
  }

  private mutating func transition(_ x: String, _ name: String) -> String {
    append(
      "AveragePool", [convolution(relu(batchNorm(x, "\(name).norm")), "\(name).conv")],
      ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])])
  }
}

extension EmotionNet: GraphDescribingNetwork {
  public func graph(_ specification: ModelSpecification) -> ModelGraph {
    .emotionNet(task: specification.taskNames.first ?? "logits")
  }
}
