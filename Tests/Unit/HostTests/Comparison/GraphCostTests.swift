import SentryPluginAPI
import Testing

@testable import SentryInference

@Suite struct GraphCostTests {
  @Test func convolutionsPoolsAndLinearLayers() throws {
    var graph = ModelGraph()
    // 8 × 8 → 4 × 4 → 2 × 2 → 1 × 1.
    var x = graph.relu(graph.batchNorm(graph.convolution(graph.input, "conv", stride: 2, padding: 1), "norm"))
    x = graph.append("MaxPool", [x], ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])])
    x = graph.concatenation([x, graph.convolution(x, "depthwise", padding: 1)])
    x = graph.append("Flatten", [graph.append("GlobalAveragePool", [x])], ["axis": .int(1)])
    _ = graph.linear(x, "head", as: "logits")
    let shapes = [
      "conv.weight": [4, 3, 3, 3], "depthwise.weight": [4, 1, 3, 3], "head.weight": [10, 8], "head.bias": [10],
    ]
    let cost = try GraphCost(graph, input: [3, 8, 8], parameters: shapes)
    // 2 · (4·4·4 results of 27 products + 2·2·4 of 9 + 10 of 8).
    #expect(cost.flops == 2 * Double(64 * 27 + 16 * 9 + 10 * 8))
  }

  @Test func recurrentLayers() throws {
    var graph = ModelGraph()
    let x = graph.append("Transpose", [graph.input], ["perm": .ints([1, 0, 2])])
    let states = graph.lstm(x, "lstm", index: 0, hidden: 5)
    let last = graph.append("Gather", [states, graph.integers([-1], as: "last")], ["axis": .int(0)])
    _ = graph.linear(graph.append("Squeeze", [last, graph.integers([0], as: "axis_0")]), "head", as: "logits")
    let shapes = [
      "lstm.weight_ih_l0": [20, 3], "lstm.weight_hh_l0": [20, 5], "lstm.bias_ih_l0": [20], "lstm.bias_hh_l0": [20],
      "head.weight": [2, 5], "head.bias": [2],
    ]
    // 7 steps.
    let cost = try GraphCost(graph, input: [7, 3], parameters: shapes)
    #expect(cost.flops == 2 * Double(7 * (20 * 3 + 20 * 5) + 2 * 5))
  }

  private static let misfits: [(op: String, attributes: [String: ModelGraph.Attribute])] = [
    ("Conv", ["strides": .ints([0, 0])]), ("Conv", ["pads": .ints([.max, 0, 0, 0])]),
    ("Conv", ["dilations": .ints([1 << 29, 1 << 29])]), ("Conv", ["strides": .ints([1])]), ("Gemm", [:]),
    ("Transpose", ["perm": .ints([0, 0, 7])]), ("Flatten", ["axis": .int(9)]), ("Concat", ["axis": .int(-9)]),
    ("Mystery", [:]),
  ]

  /// Extents of constants are the plugin's, too.
  @Test(arguments: [[], [Int.max], [-1], [Int](repeating: 1, count: 40)])
  func constantsThatCannotBeAreRefused(shape: [Int]) {
    var graph = ModelGraph()
    var constant = ModelGraph.Constant("c", [1])
    constant.shape = shape
    graph.constants = [constant]
    _ = graph.append("Concat", ["c", "c"], ["axis": .int(0)], as: "logits")
    #expect(throws: PluginError.self) { try GraphCost(graph, input: [3], parameters: [:]) }
  }

  /// What a plugin's graph says is not believed: numbers of any size are refused, and nothing traps.
  @Test(arguments: misfits)
  func whatDoesNotFitIsRefused(op: String, attributes: [String: ModelGraph.Attribute]) {
    var graph = ModelGraph()
    _ = graph.append(op, [graph.input, "weight"], attributes, as: "logits")
    let error = #expect(throws: PluginError.self) {
      try GraphCost(graph, input: [3, 8, 8], parameters: ["weight": [4, 3, 3, 3]])
    }
    #expect(error?.message.contains(op) == true, "\(error?.message ?? "")")
  }
}
