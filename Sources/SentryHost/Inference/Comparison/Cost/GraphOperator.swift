import SentryPluginAPI

/// What an operator of a graph makes of its inputs' extents, and what it costs. Each has its line in ``all``.
struct GraphOperator {
  let shape: @Sendable (GraphStep) throws -> [Int]
  /// Multiplications that are added up, for a result of these extents.
  var multiplyAdds: @Sendable (GraphStep, _ result: [Int]) throws -> Double = { _, _ in 0 }

  /// nil for one that is not known here.
  static func of(_ node: ModelGraph.Node) -> GraphOperator? {
    all[node.op] ?? (node.attributes["hidden_size"] == nil ? nil : recurrence)
  }

  private static let all: [String: GraphOperator] = {
    var all: [String: GraphOperator] = [
      "Conv": convolution, "Gemm": gemm, "MatMul": matrixProduct, "MaxPool": pool, "AveragePool": pool,
      "GlobalAveragePool": globalPool, "GlobalMaxPool": globalPool, "Flatten": flatten, "Concat": concatenation,
      "Transpose": transposition, "Gather": gathering, "Squeeze": squeezing, "Unsqueeze": unsqueezing,
      "ReduceMean": reduction, "Reshape": reshaping,
    ]
    for name in ["Add", "Sub", "Mul", "Div"] { all[name] = broadcast }
    for name in [
      "Relu", "LeakyRelu", "PRelu", "Sigmoid", "Tanh", "HardSwish", "HardSigmoid", "Clip", "Erf", "Sqrt", "Softmax",
      "Dropout", "Identity", "BatchNormalization", "LayerNormalization",
    ] { all[name] = unchanged }
    return all
  }()

  private static let unchanged = GraphOperator { try $0.shape(0) }

  private static let broadcast = GraphOperator { step in
    let (left, right) = (try step.shape(0), try step.shape(1))
    let rank = max(left.count, right.count)
    func padded(_ shape: [Int]) -> [Int] { [Int](repeating: 1, count: rank - shape.count) + shape }
    return try zip(padded(left), padded(right)).map { first, second in
      guard first == second || first == 1 || second == 1 else { throw step.failure("joins \(left) and \(right)") }
      return max(first, second)
    }
  }
}
