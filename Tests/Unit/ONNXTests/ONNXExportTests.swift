import FoundationEssentials
import SentryFormats
import SentryPluginAPI
import Testing

@testable import SentryExchange

@Suite struct ONNXExportTests {
  private func export(_ change: (inout ModelGraph) -> Void = { _ in }) throws -> ONNXExport {
    var graph = ModelGraph()
    graph.constants = [.init("axes", [-1])]
    let flat = graph.append("ReduceMean", [graph.input], ["keepdims": .int(0), "axes": .ints([2])])
    let wide = graph.append("Unsqueeze", [flat, "axes"])
    let squeezed = graph.append("Squeeze", [wide, "axes"])
    _ = graph.linear(squeezed, "fc", as: "mood")
    change(&graph)
    return ONNXExport(
      graph: graph,
      tensors: [
        "fc.weight": try StoredTensor([1, 2, 3, 4] as [Float], shape: [2, 2]),
        "fc.bias": try StoredTensor([0.5, 1] as [Double], shape: [2]),
        "unread": try StoredTensor([1] as [Float], shape: [1]),
      ],
      input: TensorSpecification(.float32, [2, -1]), outputs: [.logits("mood", classes: ["up", "down"])],
      metadata: ["sentry": "{}"], producerVersion: "1.2.3")
  }

  @Test func theMessageIsComplete() throws {
    let model = try export().message()
    #expect(model.irVersion == 8 && model.opsetImport.first?.version == 17)
    #expect(model.graph.node.map(\.opType) == ["ReduceMean", "Unsqueeze", "Squeeze", "Gemm"])
    #expect(Set(model.graph.node.map(\.name)).count == 4)
    #expect(model.graph.node[0].attribute.map(\.name) == ["axes", "keepdims"])
    #expect(model.graph.node[0].attribute.map(\.type) == [.ints, .int])
    #expect(model.graph.initializer.map(\.name) == ["axes", "fc.weight", "fc.bias"])
    #expect(model.graph.initializer[2].dataType == 1 && model.graph.initializer[2].rawData.count == 8)
    let extents = model.graph.input[0].type.tensorType.shape.dim
    #expect(extents[0].dimParam == "batch" && extents[1].dimValue == 2 && extents[2].dimParam == "input_2")
    #expect(model.graph.output.map(\.name) == ["mood"])
  }

  @Test func theFileIsReadBack() throws {
    let path = "/tmp/sentry-onnx-\(UUID().uuidString).onnx"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try export().write(to: path)
    let summary = try ONNXSummary(path: path)
    #expect(summary.producer == "sentry 1.2.3" && summary.opset == 17)
    #expect(summary.inputs.map(\.shape) == [["batch", "2", "input_2"]])
    #expect(summary.operators == ["ReduceMean": 1, "Unsqueeze": 1, "Squeeze": 1, "Gemm": 1])
    #expect(summary.initialisers.map(\.dtype) == ["i64", "f32", "f32"])
    #expect(summary.metadata == ["sentry": "{}"])
    let whole = try WholeFile.bytes(of: path, limit: 1 << 20)
    for length in stride(from: 0, to: whole.count, by: 3) {
      try AtomicFile.write(Array(whole[..<length]), to: path)
      // A prefix may be a message of its own; it must not trap.
      _ = try? ONNXSummary(path: path)
    }
  }

  @Test func whatNobodyMakesIsNamed() throws {
    let unknown = try export { $0.nodes[0].inputs = ["nowhere"] }
    let error = #expect(throws: PluginError.self) { try unknown.message() }
    #expect(error?.message.contains("'nowhere'") == true)
    var noOutput = try export()
    noOutput.outputs = [.logits("missing", classes: [])]
    #expect(throws: PluginError.self) { try noOutput.message() }
  }

  @Test func attributesKeepTheirTypesInJSON() throws {
    var graph = try export().graph
    graph.nodes[0].attributes = ["a": .float(1), "b": .int(1), "c": .string("x"), "d": .ints([])]
    let text = try JSON.text(graph)
    #expect(try JSON.decode(ModelGraph.self, from: text, what: "graph") == graph)
  }
}
