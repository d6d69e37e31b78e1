/// The layers that networks are written in. Each appends what it needs and returns the name of its result; weights are
/// named as in the state dict.
extension ModelGraph {
  /// Appends a node with one result.
  ///
  /// - Parameter name: what the result is called; nil for a name that nothing else has.
  public mutating func append(
    _ op: String, _ inputs: [String], _ attributes: [String: Attribute] = [:], as name: String? = nil
  ) -> String {
    let result = name ?? "\(op.lowercased())_\(nodes.count)"
    nodes.append(Node(op, inputs: inputs, outputs: [result], attributes: attributes))
    return result
  }

  /// Of any number of spatial axes; the numbers hold for each of them.
  public mutating func convolution(
    _ x: String, _ layer: String, bias: Bool = false, axes: Int = 2, stride: Int = 1, padding: Int = 0,
    dilation: Int = 1, groups: Int = 1
  ) -> String {
    append(
      "Conv", [x, "\(layer).weight"] + (bias ? ["\(layer).bias"] : []),
      [
        "strides": .ints([Int](repeating: stride, count: axes)),
        "pads": .ints([Int](repeating: padding, count: 2 * axes)),
        "dilations": .ints([Int](repeating: dilation, count: axes)),
      ].merging(groups == 1 ? [:] : ["group": .int(groups)]) { _, new in new })
  }

  /// By running statistics.
  public mutating func batchNorm(_ x: String, _ layer: String, epsilon: Double = 1e-5) -> String {
    append(
      "BatchNormalization", [x] + ["weight", "bias", "running_mean", "running_var"].map { "\(layer).\($0)" },
      ["epsilon": .float(epsilon)])
  }

  /// Over the last axis.
  public mutating func layerNorm(
    _ x: String, _ layer: String, epsilon: Double = 1e-5, as name: String? = nil
  ) -> String {
    append(
      "LayerNormalization", [x, "\(layer).weight", "\(layer).bias"], ["axis": .int(-1), "epsilon": .float(epsilon)],
      as: name)
  }

  /// Of [N, inputs], weights [outputs, inputs].
  public mutating func linear(_ x: String, _ layer: String, as name: String? = nil) -> String {
    append("Gemm", [x, "\(layer).weight", "\(layer).bias"], ["transB": .int(1)], as: name)
  }

  public mutating func relu(_ x: String, as name: String? = nil) -> String { append("Relu", [x], as: name) }

  public mutating func concatenation(_ parts: [String], axis: Int = 1) -> String {
    append("Concat", parts, ["axis": .int(axis)])
  }
}
