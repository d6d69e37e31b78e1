import SentryModels
import SentryPluginAPI

/// The network as published, for export: what ``PostureNet`` computes in evaluation.
extension ModelGraph {
  /// - Parameters:
  ///   - features: of a frame.
  ///   - tasks: the names of the logits, in order.
  static func postureNet(features: Int, tasks: [String]) -> ModelGraph {
    var graph = ModelGraph()
    // [N, frames, features] to [N, features, frames].
    var x = graph.append("Transpose", [graph.input], ["perm": .ints([0, 2, 1])])
    for (index, channels) in TCN.channels.enumerated() {
      let inputs = index == 0 ? features : TCN.channels[index - 1]
      x = graph.tcnBlock(x, "tcn.network.\(index)", dilation: 1 << index, widens: inputs != channels)
    }
    // To [frames, N, channels].
    x = graph.append("Transpose", [x], ["perm": .ints([2, 0, 1])])
    for index in 0..<PostureNet.recurrentLayers {
      x = graph.lstm(x, "lstm", index: index, hidden: PostureNet.hiddenSize)
    }
    let last = graph.append("Gather", [x, graph.integers([-1], as: "last_frame")], ["axis": .int(0)])
    let state = graph.append("Squeeze", [last, graph.integers([0], as: "axis_0")])
    let hidden = graph.relu(graph.layerNorm(graph.linear(state, "projection.0"), "projection.1"))
    let embedding = graph.layerNorm(graph.linear(hidden, "projection.4"), "projection.5", as: "embedding")
    for task in tasks {
      _ = graph.linear(graph.relu(graph.linear(embedding, "\(task)_classifier.0")), "\(task)_classifier.3", as: task)
    }
    return graph
  }

  /// conv-BN-ReLU-conv-BN beside the identity or a 1×1 convolution, then ReLU.
  private mutating func tcnBlock(_ x: String, _ name: String, dilation: Int, widens: Bool) -> String {
    var y = x
    for number in 1...2 {
      y = convolution(y, "\(name).conv\(number)", bias: true, axes: 1, padding: dilation, dilation: dilation)
      y = batchNorm(y, "\(name).bn\(number)")
      if number == 1 { y = relu(y) }
    }
    let beside = widens ? convolution(x, "\(name).downsample", bias: true, axes: 1) : x
    return relu(append("Add", [y, beside]))
  }
}

extension PostureNet: GraphDescribingNetwork {
  public func graph(_ specification: ModelSpecification) -> ModelGraph {
    .postureNet(features: options.features, tasks: specification.taskNames)
  }
}
