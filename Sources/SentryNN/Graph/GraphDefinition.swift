/// A network as a file describes it: tensors, and operators in an order in which they can be computed. Pictures are NHWC.
public struct GraphDefinition: Sendable {
  public struct Tensor: Sendable {
    public var name: String
    /// Extents, outermost first.
    public var shape: [Int]
    /// What it holds, row-major; nil for an input and for what is computed.
    public var constant: [Float]?

    public init(name: String, shape: [Int], constant: [Float]? = nil) {
      (self.name, self.shape, self.constant) = (name, shape, constant)
    }

    var count: Int { shape.reduce(1, *) }
  }

  public struct Node: Sendable {
    /// What errors call it.
    public var name: String
    public var body: any GraphOperator
    /// Numbers of tensors.
    public var inputs: [Int]
    public var output: Int

    public init(name: String, _ body: any GraphOperator, inputs: [Int], output: Int) {
      (self.name, self.body, self.inputs, self.output) = (name, body, inputs, output)
    }
  }

  public var tensors: [Tensor]
  public var nodes: [Node]
  /// The number of the tensor that is put in.
  public var input: Int

  public init(tensors: [Tensor], nodes: [Node], input: Int) {
    (self.tensors, self.nodes, self.input) = (tensors, nodes, input)
  }

  /// Checks that every node reads what is known by then, and that its inputs make an output of the shape that is stated.
  /// - Throws: ``NNError`` `.invalidInput` that names the node.
  func check() throws {
    var known = tensors.map { $0.constant != nil }
    guard tensors.indices.contains(input), !known[input] else {
      throw NNError(.invalidInput, "the input of a graph is no tensor of its own", hint: "the model is damaged")
    }
    known[input] = true
    for node in nodes {
      guard node.inputs.allSatisfy({ tensors.indices.contains($0) && known[$0] }),
        tensors.indices.contains(node.output), !known[node.output]
      else { throw NNError(.invalidInput, "\(node.name) stands in no order", hint: "the model is damaged") }
      known[node.output] = true
      let (shape, stated) = (
        try node.body.outputShape(of: node.inputs.map { tensors[$0].shape }), tensors[node.output].shape
      )
      guard shape == stated else {
        throw NNError(
          .invalidInput, "\(node.name) makes \(shape) where the model states \(stated)", hint: "the model is damaged")
      }
    }
  }

  /// Without the nodes that none of `outputs` depends on.
  func pruned(to outputs: [Int]) -> GraphDefinition {
    var needed = Set(outputs)
    var kept: [Node] = []
    for node in nodes.reversed() where needed.contains(node.output) {
      needed.formUnion(node.inputs)
      kept.append(node)
    }
    var result = self
    result.nodes = kept.reversed()
    return result
  }
}
