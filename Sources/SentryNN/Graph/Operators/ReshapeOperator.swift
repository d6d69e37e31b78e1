/// The same values in another shape. It is never built: its output lies where its input does.
public struct ReshapeOperator: GraphOperator {
  public let shape: [Int]

  public init(shape: [Int]) { self.shape = shape }

  public func outputShape(of inputs: [[Int]]) throws -> [Int] {
    guard inputs.count == 1, shape.allSatisfy({ $0 > 0 }), shape.reduce(1, *) == inputs[0].reduce(1, *) else {
      throw misfit(inputs)
    }
    return shape
  }

  public func build(_ site: GraphSite) throws -> GraphStep { throw site.misfit("is a reshape of a constant") }
}
