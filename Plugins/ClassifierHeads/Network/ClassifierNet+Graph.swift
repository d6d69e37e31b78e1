import SentryModels
import SentryPluginAPI

/// The network as published, for export: what ``ClassifierNet`` computes in evaluation.
extension ModelGraph {
  /// - Parameter tasks: the names of the logits, in order.
  static func classifierNet(tasks: [String]) -> ModelGraph {
    var graph = ModelGraph()
    let trunk = graph.layerNorm(graph.linear(graph.input, "shared_backbone.0"), "shared_backbone.1")
    let embedding = graph.relu(trunk, as: "embedding")
    for task in tasks {
      var x = embedding
      for layer in [0, 3] { x = graph.relu(graph.linear(x, "\(task)_head.layers.\(layer)")) }
      _ = graph.append("Div", [graph.linear(x, "\(task)_head.layers.6"), "temperature"], as: task)
    }
    return graph
  }
}

extension ClassifierNet: GraphDescribingNetwork {
  public func graph(_ specification: ModelSpecification) -> ModelGraph {
    .classifierNet(tasks: specification.taskNames)
  }
}
