import SentryPluginAPI

/// What a model computes for one sample, as its graph says: two floating-point operations for each multiplication that is added up,
/// in convolutions, matrix products and recurrent layers. What is done to single values (norms, activations, pooling) does not count,
/// as in the usual counts of papers.
struct GraphCost {
  let flops: Double
  /// The largest extent that is believed, and the most of them.
  private static let (largest, mostAxes) = (1 << 40, 32)

  /// - Parameters:
  ///   - input: the extents of one sample.
  ///   - parameters: the extents of parameters and buffers by name.
  /// - Throws: ``PluginError`` for a graph that does not fit together, or with an operator that is not known here.
  init(_ graph: ModelGraph, input: [Int], parameters: [String: [Int]]) throws {
    var values = parameters.mapValues { GraphValue(shape: $0) }
    for constant in graph.constants {
      guard Self.isPlausible(constant.shape) else {
        throw PluginError("the constant '\(constant.name)' of the model's graph has the shape \(constant.shape)")
      }
      values[constant.name] = GraphValue(shape: constant.shape, integers: constant.integers)
    }
    values[graph.input] = GraphValue(shape: [1] + input)
    var multiplyAdds = 0.0
    for node in graph.nodes {
      guard let known = GraphOperator.of(node) else {
        throw PluginError("the model's graph has the operator \(node.op), whose cost is not known")
      }
      let step = GraphStep(node: node, inputs: node.inputs.map { values[$0] })
      let shape = try known.shape(step)
      guard Self.isPlausible(shape) else {
        throw step.failure("gives the shape \(shape)")
      }
      multiplyAdds += try known.multiplyAdds(step, shape)
      if let name = node.outputs.first { values[name] = GraphValue(shape: shape) }
    }
    flops = 2 * multiplyAdds
  }

  private static func isPlausible(_ shape: [Int]) -> Bool {
    shape.count <= mostAxes && shape.allSatisfy((0...largest).contains)
  }
}
