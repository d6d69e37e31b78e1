/// What a node of a graph computes. Each operator is one file in Operators/.
public protocol GraphOperator: Sendable {
  /// The shape of the result. Throws ``NNError`` `.invalidInput` where the inputs do not fit.
  func outputShape(of inputs: [[Int]]) throws -> [Int]

  /// Gets everything ready: packs weights, has oneDNN generate code. Throws ``NNError``.
  func build(_ site: GraphSite) throws -> GraphStep
}

extension GraphOperator {
  func misfit(_ inputs: [[Int]]) -> NNError {
    NNError(.invalidInput, "\(Self.self) cannot take \(inputs)", hint: "the model is damaged")
  }
}
