/// What oneDNN does in one pass instead of several: zeros around a picture, an addition and an activation become part of the
/// convolution beside them; and what is less work in another order. The result is a graph that computes the same.
struct GraphFusion {
  private var graph: GraphDefinition
  /// How often each tensor is read; what is asked for counts as read.
  private var reads: [Int: Int] = [:]
  /// The number of the node that makes a tensor.
  private var makers: [Int: Int] = [:]
  private var gone: Set<Int> = []

  static func fused(_ graph: GraphDefinition, keeping outputs: [Int]) -> GraphDefinition {
    var fusion = GraphFusion(graph)
    fusion.count(outputs)
    for node in graph.nodes.indices {
      fusion.takePadding(node)
      fusion.convolveBeforeResizing(node)
      fusion.addInConvolution(node)
      fusion.activateInPlace(node)
    }
    fusion.graph.nodes = fusion.graph.nodes.indices.filter { !fusion.gone.contains($0) }.map { fusion.graph.nodes[$0] }
    // Paddings that every convolution has taken are read by nobody now.
    return fusion.graph.pruned(to: outputs)
  }

  private init(_ graph: GraphDefinition) { self.graph = graph }

  private mutating func count(_ outputs: [Int]) {
    for output in outputs { reads[output, default: 0] += 1 }
    for (number, node) in graph.nodes.enumerated() {
      for input in node.inputs { reads[input, default: 0] += 1 }
      makers[node.output] = number
    }
  }

  /// A convolution behind a padding of zeros pads by itself; the padding goes once nobody else reads it.
  private mutating func takePadding(_ number: Int) {
    let node = graph.nodes[number]
    guard let convolution = node.body as? ConvolutionOperator, let maker = makers[node.inputs[0]],
      let padding = graph.nodes[maker].body as? PadOperator, let padded = convolution.padded(by: padding)
    else { return }
    graph.nodes[number].body = padded
    graph.nodes[number].inputs[0] = graph.nodes[maker].inputs[0]
  }

  /// A 1×1 convolution behind a resize to more pixels goes before it: both are sums with weights, so their order does not matter,
  /// and there are fewer pixels. What is not such a sum, the activation, stays behind.
  private mutating func convolveBeforeResizing(_ number: Int) {
    let node = graph.nodes[number]
    guard let convolution = node.body as? ConvolutionOperator, convolution.isPointwise,
      let maker = onlyReader(of: node.inputs[0]), let resize = graph.nodes[maker].body as? ResizeBilinearOperator
    else { return }
    let (small, large) = (graph.tensors[graph.nodes[maker].inputs[0]], graph.tensors[node.inputs[0]])
    guard small.count < large.count else { return }
    var (linear, activated) = (convolution, resize)
    (linear.activation, activated.activation) = (.none, convolution.activation)
    let middle = graph.tensors.count
    let channels = graph.tensors[node.output].shape[3]
    graph.tensors.append(.init(name: "\(small.name), convolved", shape: Array(small.shape.dropLast()) + [channels]))
    graph.nodes[maker] = .init(
      name: node.name, linear, inputs: [graph.nodes[maker].inputs[0]] + node.inputs.dropFirst(), output: middle)
    graph.nodes[number] = .init(
      name: "\(node.name)'s resize", activated, inputs: [middle], output: node.output)
    (makers[middle], reads[middle]) = (maker, 1)
  }

  /// A convolution whose result is only added to another tensor adds it by itself, at the addition's place: there the other
  /// tensor exists.
  private mutating func addInConvolution(_ number: Int) {
    let node = graph.nodes[number]
    guard let addition = node.body as? AddOperator else { return }
    for (mine, other) in [(1, 0), (0, 1)] {
      let (own, addend) = (node.inputs[mine], node.inputs[other])
      guard let maker = onlyReader(of: own), graph.tensors[addend].shape == graph.tensors[own].shape,
        graph.tensors[addend].constant == nil, let convolution = graph.nodes[maker].body as? ConvolutionOperator,
        let adding = convolution.adding(then: addition.activation)
      else { continue }
      replace(number, by: adding, inputs: graph.nodes[maker].inputs + [addend], insteadOf: maker)
      return
    }
  }

  /// An activation becomes part of the convolution or addition before it.
  private mutating func activateInPlace(_ number: Int) {
    let node = graph.nodes[number]
    guard let activation = (node.body as? ActivationOperator)?.activation, let maker = onlyReader(of: node.inputs[0]),
      let before = graph.nodes[maker].body as? any ActivatedOperator, before.activation == .none
    else { return }
    var activated = before
    activated.activation = activation
    replace(number, by: activated, inputs: graph.nodes[maker].inputs, insteadOf: maker)
  }

  /// The node that makes a tensor, where nobody but the node at hand reads it.
  private func onlyReader(of tensor: Int) -> Int? {
    guard reads[tensor] == 1, let maker = makers[tensor], !gone.contains(maker) else { return nil }
    return maker
  }

  private mutating func replace(_ number: Int, by body: any GraphOperator, inputs: [Int], insteadOf maker: Int) {
    graph.nodes[number].body = body
    graph.nodes[number].inputs = inputs
    graph.nodes[number].name = "\(graph.nodes[maker].name) with \(graph.nodes[number].name)"
    gone.insert(maker)
  }
}
