import SentryFormats
import SentryPluginAPI
import Testing

@testable import SentryExchange

@Suite struct NormFoldingTests {
  /// conv (2 channels, 1×1) → norm → relu → norm2, all on one channel in.
  private func network() throws -> (ModelGraph, [String: StoredTensor]) {
    var graph = ModelGraph()
    let x = graph.batchNorm(graph.convolution(graph.input, "conv"), "norm", epsilon: 0.5)
    _ = graph.append("Identity", [graph.batchNorm(graph.relu(x), "late")], as: "logits")
    func tensor(_ values: [Float], _ shape: [Int]? = nil) throws -> StoredTensor {
      try StoredTensor(values, shape: shape ?? [values.count])
    }
    var tensors = ["conv.weight": try tensor([2, -3], [2, 1, 1, 1])]
    for layer in ["norm", "late"] {
      tensors["\(layer).weight"] = try tensor([4, 6])
      tensors["\(layer).bias"] = try tensor([1, -1])
      tensors["\(layer).running_mean"] = try tensor([3, 5])
      tensors["\(layer).running_var"] = try tensor([3.5, 8.5])
      tensors["\(layer).num_batches_tracked"] = try StoredTensor([9 as Int64], shape: [])
    }
    return (graph, tensors)
  }

  @Test func aNormBehindAConvolutionGoesIntoIt() throws {
    let (graph, tensors) = try network()
    let done = try NormFolding(graph, tensors, keeping: ["logits"])
    #expect(done.folded == ["norm"])
    #expect(done.graph.nodes.map(\.op) == ["Conv", "Relu", "BatchNormalization", "Identity"])
    // γ/√(σ²+ε) is 4/2 and 6/3; W′ = W·that, b′ = β − μ·that.
    #expect(try done.tensors["conv.weight"]?.floats() == [4, -6])
    #expect(try done.tensors["conv.bias"]?.floats() == [-5, -11])
    #expect(done.graph.nodes[0].inputs == ["input", "conv.weight", "conv.bias"])
    #expect(done.graph.nodes[0].outputs == done.graph.nodes[1].inputs)
    #expect(!done.tensors.keys.contains { $0.hasPrefix("norm.") })
    #expect(done.tensors.keys.filter { $0.hasPrefix("late.") }.count == 5)
  }

  @Test func aBiasIsScaledToo() throws {
    var (graph, tensors) = try network()
    graph.nodes[0].inputs.append("conv.bias")
    tensors["conv.bias"] = try StoredTensor([10, 20] as [Float], shape: [2])
    let done = try NormFolding(graph, tensors, keeping: ["logits"])
    #expect(try done.tensors["conv.bias"]?.floats() == [15, 29])
  }

  @Test func aConvolutionThatOthersReadStays() throws {
    var (graph, tensors) = try network()
    let convolved = graph.nodes[0].outputs[0]
    #expect(try NormFolding(graph, tensors, keeping: [convolved]).folded.isEmpty)
    _ = graph.relu(convolved)
    #expect(try NormFolding(graph, tensors, keeping: []).folded.isEmpty)
    (graph, tensors) = try network()
    _ = graph.convolution(graph.input, "conv")
    #expect(try NormFolding(graph, tensors, keeping: []).folded.isEmpty, "two convolutions share the weights")
  }

  @Test func missingAndMisshapenTensorsAreErrors() throws {
    var (graph, tensors) = try network()
    tensors["norm.bias"] = nil
    #expect(throws: PluginError.self) { try NormFolding(graph, tensors, keeping: []) }
    (graph, tensors) = try network()
    tensors["norm.running_var"] = try StoredTensor([1] as [Float], shape: [1])
    #expect(throws: PluginError.self) { try NormFolding(graph, tensors, keeping: []) }
  }
}
