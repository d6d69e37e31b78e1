public import SentryFormats
public import SentryPluginAPI

/// A batch norm by running statistics right behind a convolution is one with it: W′ = W·γ/√(σ²+ε), b′ = β + (b − μ)·γ/√(σ²+ε).
public struct NormFolding {
  public private(set) var graph: ModelGraph
  public private(set) var tensors: [String: StoredTensor]
  /// The batch norms that went into convolutions, by the name of their weight without `.weight`.
  public private(set) var folded: [String] = []

  /// Folds every batch norm whose input is a convolution that nothing else reads. Where a norm comes before its convolution
  /// (norm1 of a dense layer, a transition's, norm5), it stays: a ReLU stands between them.
  /// - Throws: ``FormatError`` where the tensors cannot be read, ``PluginError`` where they do not fit the graph.
  public init(_ graph: ModelGraph, _ tensors: [String: StoredTensor], keeping outputs: Set<String>) throws {
    (self.graph, self.tensors) = (graph, tensors)
    var readers: [String: Int] = [:]
    for node in graph.nodes { for name in node.inputs { readers[name, default: 0] += 1 } }
    var makers: [String: Int] = [:]
    for (index, node) in graph.nodes.enumerated() where node.op == "Conv" {
      guard let output = node.outputs.first, node.inputs.count >= 2 else {
        throw PluginError(
          "a Conv of the model's graph has \(node.inputs.count) inputs and \(node.outputs.count) outputs")
      }
      makers[output] = index
    }

    var nodes: [ModelGraph.Node?] = graph.nodes
    for (index, norm) in graph.nodes.enumerated() where norm.op == "BatchNormalization" {
      guard let input = norm.inputs.first, let maker = makers[input], readers[input] == 1, !outputs.contains(input),
        var convolution = nodes[maker], readers[convolution.inputs[1]] == 1
      else { continue }
      try fold(norm, into: &convolution)
      nodes[maker] = convolution
      nodes[index] = nil
    }
    self.graph.nodes = nodes.compactMap(\.self)
  }

  private mutating func fold(_ norm: ModelGraph.Node, into convolution: inout ModelGraph.Node) throws {
    let (scales, shifts) = try coefficients(norm)
    let name = convolution.inputs[1]
    let weights = try tensor(name)
    guard weights.shape.first == scales.count, !scales.isEmpty else {
      throw PluginError("\(name) has the shape \(weights.shape), and \(norm.inputs[1]) scales \(scales.count) channels")
    }
    var values = try weights.floats()
    let size = values.count / scales.count
    for index in values.indices { values[index] = Float(Double(values[index]) * scales[index / size]) }
    let biasName = name.hasSuffix(".weight") ? "\(name.dropLast(7)).bias" : "\(name).bias"
    let old = convolution.inputs.count > 2 ? try tensor(convolution.inputs[2]).floats() : nil
    guard old == nil || old?.count == scales.count else {
      throw PluginError("the bias of \(name) has \(old?.count ?? 0) values for \(scales.count) channels")
    }
    let bias = scales.indices.map { Float(shifts[$0] + Double(old?[$0] ?? 0) * scales[$0]) }
    tensors[name] = try StoredTensor(values, shape: weights.shape)
    tensors[biasName] = try StoredTensor(bias, shape: [scales.count])
    convolution.inputs = Array(convolution.inputs.prefix(2)) + [biasName]
    convolution.outputs = norm.outputs

    for input in norm.inputs.dropFirst() { tensors[input] = nil }
    let layer = norm.inputs[1].hasSuffix(".weight") ? String(norm.inputs[1].dropLast(7)) : norm.inputs[1]
    tensors["\(layer).num_batches_tracked"] = nil
    folded.append(layer)
  }

  /// What the norm multiplies by and then adds, per channel.
  private func coefficients(_ norm: ModelGraph.Node) throws -> (scales: [Double], shifts: [Double]) {
    let parts = try norm.inputs.dropFirst().map { try tensor($0).floats().map(Double.init) }
    guard parts.count == 4, Set(parts.map(\.count)).count == 1 else {
      throw PluginError("the graph's batch norm of \(norm.inputs) has no scale, shift, mean and variance of one length")
    }
    var epsilon = 1e-5
    if case .float(let value)? = norm.attributes["epsilon"] { epsilon = value }
    let scales = parts[0].indices.map { parts[0][$0] / (parts[3][$0] + epsilon).squareRoot() }
    return (scales, parts[1].indices.map { parts[1][$0] - parts[2][$0] * scales[$0] })
  }

  private func tensor(_ name: String) throws -> StoredTensor {
    guard let tensor = tensors[name] else {
      throw PluginError("the model's graph reads '\(name)', which is no tensor of it")
    }
    return tensor
  }
}
