/// A network from a file, ready to run on one input at a time: only what the wanted outputs depend on is computed, weights are
/// packed once, and all tensors lie in one block of memory that is planned once.
///
/// A graph and its context belong to one caller at a time.
public final class InferenceGraph {
  private let context: ComputeContext
  private let memory: FloatBuffer
  private let steps: [GraphStep]
  private let wanted: [String: UnsafeBufferPointer<Float>]
  /// To be filled before every run: a run overwrites it.
  public let input: UnsafeMutableBufferPointer<Float>
  public let inputShape: [Int]

  /// - Parameter outputs: names of the tensors that are wanted.
  /// - Throws: ``NNError``: `.invalidInput` for a graph that contradicts itself or has no such tensor.
  public convenience init(_ definition: GraphDefinition, outputs names: [String], context: ComputeContext) throws {
    try self.init(definition, outputs: names, context: context, minimumWork: GraphSite.minimumWork)
  }

  /// - Parameter minimumWork: multiplications from which on threads share a step.
  init(_ definition: GraphDefinition, outputs names: [String], context: ComputeContext, minimumWork: Int) throws {
    try definition.check()
    let outputs = try names.map { name in
      guard let number = definition.nodes.first(where: { definition.tensors[$0.output].name == name })?.output else {
        throw NNError(.invalidInput, "the graph computes no \(name)", hint: "use the model that this was made for")
      }
      return number
    }
    let graph = GraphFusion.fused(definition.pruned(to: outputs), keeping: outputs)
    let plan = GraphMemory(graph, keeping: outputs)
    let memory = try FloatBuffer(plan.count + 16)
    func address(_ tensor: Int) -> UnsafeMutablePointer<Float>? { plan.offsets[tensor].map { memory.pointer + $0 } }
    steps = try graph.nodes.filter { !($0.body is ReshapeOperator) }.map { node in
      let values = (node.inputs + [node.output]).map { GraphSite.Value(graph.tensors[$0], at: address($0)) }
      return try node.body.build(
        GraphSite(
          name: node.name, inputs: Array(values.dropLast()), output: values[values.count - 1], context: context,
          minimumWork: minimumWork))
    }
    (self.context, self.memory) = (context, memory)
    let tensor = graph.tensors[graph.input]
    inputShape = tensor.shape
    input = UnsafeMutableBufferPointer(start: address(graph.input), count: tensor.count)
    var wanted: [String: UnsafeBufferPointer<Float>] = [:]
    for (name, output) in zip(names, outputs) {
      wanted[name] = UnsafeBufferPointer(start: address(output), count: graph.tensors[output].count)
    }
    self.wanted = wanted
  }

  /// Computes the outputs from what ``input`` holds. Throws ``NNError``.
  public func run() throws {
    for step in steps {
      if step.pieces == 1 {
        try step.run(0, context.workspaces[0])
      } else {
        try context.run(step.pieces, step.run)
      }
    }
  }

  /// A wanted tensor after ``run()``, row-major; valid until the next run.
  /// - Throws: ``NNError`` `.invalidInput` for a name that was not asked for.
  public func output(_ name: String) throws -> UnsafeBufferPointer<Float> {
    guard let output = wanted[name] else {
      throw NNError(.invalidInput, "\(name) is no output that was asked for", hint: "ask for it when the graph is made")
    }
    return output
  }

  /// oneDNN's names of what computes the steps.
  public var implementations: Set<String> { Set(steps.flatMap(\.implementations)) }

  /// Of all tensors that are computed.
  public var memoryBytes: Int { 4 * memory.capacity }
}
