import SentryThreads
import Testing

@testable import SentryNN

/// The graph runner against plain loops, with one thread and with several.
@Suite struct GraphTests {
  /// The largest difference of the named outputs from what plain loops compute, by threads.
  private func check(
    _ maker: GraphMaker, _ outputs: [String], within limit: Float = 2e-5,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var maker = maker
    let input = maker.input()
    let wanted = outputs.compactMap { name in maker.graph.tensors.firstIndex { $0.name == name } }
    let expected = try PlainGraph.evaluate(maker.graph.pruned(to: wanted), input)
    for threads in 1...3 {
      let context = try ComputeContext(executor: ThreadPool(threadCount: threads), maximumChannels: 1)
      // Small as they are, the threads share them.
      let graph = try InferenceGraph(maker.graph, outputs: outputs, context: context, minimumWork: 1)
      #expect(graph.implementations.allSatisfy { !$0.hasPrefix("ref") }, "\(graph.implementations)")
      // Twice: a run must not depend on what the one before has left.
      for _ in 0..<2 {
        _ = graph.input.update(from: input)
        try graph.run()
        for name in outputs {
          let number = try #require(maker.graph.tensors.firstIndex { $0.name == name })
          let (result, wanted) = (try graph.output(name), expected[number])
          try #require(result.count == wanted.count)
          let scale = wanted.reduce(1) { max($0, abs($1)) }
          let worst = zip(result, wanted).reduce(0) { max($0, abs($1.0 - $1.1)) }
          #expect(worst <= limit * scale, "\(name), \(threads) threads: \(worst)", sourceLocation: sourceLocation)
        }
      }
    }
  }

  @Test(arguments: [
    (size: 1, stride: 1, dilation: 1, channels: 24, outputs: 40), (3, 1, 1, 16, 32), (3, 2, 1, 3, 24), (5, 2, 1, 8, 28),
    (3, 1, 2, 16, 16), (2, 2, 1, 20, 39), (3, 3, 1, 32, 7),
  ])
  func convolutions(_ size: Int, _ stride: Int, _ dilation: Int, _ channels: Int, _ outputs: Int) throws {
    for padding in ["same", "valid", "uneven"] {
      var axis = WindowAxis(size: size, stride: stride, dilation: dilation)
      if padding == "same" { axis = .same(size: size, stride: stride, dilation: dilation, over: 23) }
      if padding == "uneven" { (axis.before, axis.after) = (size / 2, 0) }
      var maker = GraphMaker(input: [1, 23, 23, channels])
      _ = try maker.convolution(0, outputs: outputs, axis, bias: padding != "valid", .relu6, "out")
      try check(maker, ["out"])
    }
  }

  @Test(arguments: [(3, 1), (3, 2), (5, 1), (5, 2)]) func depthwiseConvolutions(_ size: Int, _ stride: Int) throws {
    for channels in [24, 28, 64] {
      var maker = GraphMaker(input: [1, 31, 31, channels])
      let axis = WindowAxis.same(size: size, stride: stride, over: 31)
      _ = try maker.convolution(0, outputs: channels, axis, depthwise: true, .relu, "out")
      try check(maker, ["out"])
    }
  }

  @Test func severalPicturesAtATime() throws {
    var maker = GraphMaker(input: [2, 12, 12, 16])
    let a = try maker.convolution(0, outputs: 32, .same(size: 3, stride: 1, over: 12))
    let pool = WindowAxis.same(size: 2, stride: 2, over: 12)
    _ = try maker.node(MaxPoolOperator(vertical: pool, horizontal: pool), [a], "out")
    try check(maker, ["out"])
  }

  @Test func functionsOfSingleValues() throws {
    var maker = GraphMaker(input: [1, 64, 64, 16])
    _ = try maker.node(ActivationOperator(.relu), [0], "relu")
    _ = try maker.node(ActivationOperator(.relu6), [0], "relu6")
    _ = try maker.node(ActivationOperator(.sigmoid), [0], "sigmoid")
    _ = try maker.node(PReLUOperator(), [0, maker.constant([1, 1, 16])], "prelu")
    try check(maker, ["relu", "relu6", "sigmoid", "prelu"])
  }

  @Test func sums() throws {
    var maker = GraphMaker(input: [1, 64, 64, 16])
    let other = try maker.node(ActivationOperator(.sigmoid), [0])
    _ = try maker.node(AddOperator(), [0, other], "plain")
    _ = try maker.node(AddOperator(activation: .relu6), [0, other], "relu6")
    _ = try maker.node(AddOperator(), [0, maker.constant([16])], "channels")
    _ = try maker.node(AddOperator(activation: .relu), [0, maker.constant([1, 1, 1, 16])], "pixels")
    _ = try maker.node(AddOperator(), [0, maker.constant([1, 64, 64, 16])], "whole")
    try check(maker, ["plain", "relu6", "channels", "pixels", "whole"])
    #expect(throws: NNError.self) { _ = try AddOperator().outputShape(of: [[1, 8, 8, 16], [1, 8, 1, 16]]) }
  }

  @Test func movements() throws {
    var maker = GraphMaker(input: [1, 15, 15, 8])
    let valid = WindowAxis(size: 2, stride: 2)
    let same = WindowAxis.same(size: 3, stride: 2, over: 15)
    _ = try maker.node(MaxPoolOperator(vertical: valid, horizontal: same), [0], "pool")
    _ = try maker.node(PadOperator(before: [0, 1, 2, 0], after: [0, 0, 1, 3]), [0], "pad")
    _ = try maker.node(ResizeBilinearOperator(height: 30, width: 45), [0], "larger")
    _ = try maker.node(ResizeBilinearOperator(height: 5, width: 15), [0], "smaller")
    _ = try maker.node(DepthToSpaceOperator(block: 2), [0], "space")
    let long = try maker.node(ReshapeOperator(shape: [1, 225, 8]), [0], "reshape")
    let short = try maker.node(ReshapeOperator(shape: [1, 900, 2]), [0])
    _ = try maker.node(ConcatenationOperator(axis: 1), [long, long], "behind")
    _ = try maker.node(ConcatenationOperator(axis: 2), [long, long], "beside")
    _ = try maker.node(ReshapeOperator(shape: [1800]), [short], "twice")
    try check(maker, ["pool", "pad", "larger", "smaller", "space", "reshape", "behind", "beside", "twice"])
  }

  /// Zeros, addition and activation become part of the convolution. The addend is computed after the convolution, and a sum with
  /// a pooling as its first operand has a ReLU6 of its own.
  @Test func fusedGraphsComputeTheSame() throws {
    var maker = GraphMaker(input: [1, 32, 32, 16])
    let padded = try maker.node(PadOperator(before: [0, 1, 1, 0], after: [0, 1, 1, 0]), [0])
    let whole = try maker.convolution(padded, outputs: 32, WindowAxis(size: 3))
    let half = try maker.convolution(padded, outputs: 16, WindowAxis(size: 3, stride: 2), depthwise: true)
    let late = try maker.convolution(0, outputs: 32, WindowAxis(size: 1), .relu)
    let sum = try maker.node(AddOperator(), [whole, late])
    let out = try maker.node(ActivationOperator(.relu), [sum], "sum")
    let pool = WindowAxis.same(size: 2, stride: 2, over: 32)
    let pooled = try maker.node(MaxPoolOperator(vertical: pool, horizontal: pool), [out])
    let wide = try maker.convolution(half, outputs: 32, WindowAxis(size: 1))
    _ = try maker.node(AddOperator(activation: .relu6), [pooled, wide], "clipped")
    try check(maker, ["sum", "clipped"])
    let outputs = ["sum", "clipped"].compactMap { name in maker.graph.tensors.firstIndex { $0.name == name } }
    let fused = GraphFusion.fused(maker.graph, keeping: outputs)
    #expect(
      fused.nodes.map { "\(type(of: $0.body))" }.sorted().filter { $0 != "ConvolutionOperator" } == ["MaxPoolOperator"])
    #expect(fused.nodes.count == 5)
  }

  /// Windows that see nothing but zeros.
  @Test func wideBordersOfZeros() throws {
    var maker = GraphMaker(input: [1, 16, 16, 16])
    let padded = try maker.node(PadOperator(before: [0, 20, 3, 0], after: [0, 4, 1, 0]), [0])
    _ = try maker.convolution(padded, outputs: 32, WindowAxis(size: 3), .none, "out")
    try check(maker, ["out"])
  }

  @Test func aPointwiseConvolutionGoesBeforeItsResize() throws {
    var maker = GraphMaker(input: [1, 10, 12, 32])
    let larger = try maker.node(ResizeBilinearOperator(height: 20, width: 24), [0])
    _ = try maker.convolution(larger, outputs: 48, WindowAxis(size: 1), .relu6, "larger")
    // Not to fewer pixels, and not where more than one pixel counts.
    let smaller = try maker.node(ResizeBilinearOperator(height: 5, width: 6), [0])
    _ = try maker.convolution(smaller, outputs: 48, WindowAxis(size: 1), .relu6, "smaller")
    let other = try maker.node(ResizeBilinearOperator(height: 20, width: 24), [0])
    _ = try maker.convolution(other, outputs: 48, WindowAxis.same(size: 3, stride: 1, over: 20), .none, "wider")
    let names = ["larger", "smaller", "wider"]
    try check(maker, names)
    let outputs = names.compactMap { name in maker.graph.tensors.firstIndex { $0.name == name } }
    let fused = GraphFusion.fused(maker.graph, keeping: outputs)
    #expect(fused.nodes.map { $0.body is ConvolutionOperator } == [true, false, false, true, false, true])
  }

  /// What somebody else reads, or asked for, stays as it is.
  @Test func whatIsReadTwiceIsNotFused() throws {
    var maker = GraphMaker(input: [1, 16, 16, 16])
    let a = try maker.convolution(0, outputs: 16, WindowAxis(size: 1), .none, "asked")
    let b = try maker.convolution(0, outputs: 16, WindowAxis(size: 1))
    let sum = try maker.node(AddOperator(), [a, 0])
    let rectified = try maker.node(ActivationOperator(.relu), [b])
    let both = try maker.node(AddOperator(), [sum, rectified])
    _ = try maker.node(AddOperator(), [both, b], "out")
    try check(maker, ["asked", "out"])
  }

  /// An operator that cannot be built stands in a branch that nobody asks for.
  @Test func whatNobodyAsksForIsNotComputed() throws {
    struct Unbuildable: GraphOperator {
      func outputShape(of inputs: [[Int]]) throws -> [Int] { inputs[0] }
      func build(_ site: GraphSite) throws -> GraphStep { throw site.misfit("is not to be built") }
    }
    var maker = GraphMaker(input: [1, 8, 8, 16])
    let a = try maker.convolution(0, outputs: 16, WindowAxis(size: 1), .relu, "wanted")
    let b = try maker.node(Unbuildable(), [a], "unwanted")
    _ = try maker.convolution(b, outputs: 16, WindowAxis(size: 1), .none, "more")
    try check(maker, ["wanted"])
    let context = try ComputeContext(executor: ThreadPool(threadCount: 1), maximumChannels: 1)
    let error = #expect(throws: NNError.self) {
      _ = try InferenceGraph(maker.graph, outputs: ["more"], context: context)
    }
    #expect(error?.message.contains("node 1") == true)
    #expect(throws: NNError.self) { _ = try InferenceGraph(maker.graph, outputs: ["none"], context: context) }
    let graph = try InferenceGraph(maker.graph, outputs: ["wanted"], context: context)
    #expect(throws: NNError.self) { _ = try graph.output("more") }
  }

  @Test func contradictionsNameTheNode() throws {
    var maker = GraphMaker(input: [1, 8, 8, 16])
    let a = try maker.convolution(0, outputs: 16, WindowAxis(size: 3), .relu, "out")
    _ = try maker.node(ReshapeOperator(shape: [1, 576]), [a])
    func error(_ change: (inout GraphDefinition) -> Void) -> String {
      var graph = maker.graph
      change(&graph)
      do { try graph.check() } catch { return "\(error)" }
      return ""
    }
    #expect(error { _ in }.isEmpty)
    #expect(error { $0.tensors[$0.nodes[0].output].shape = [1, 6, 6, 17] }.contains("node 0 makes [1, 6, 6, 16]"))
    #expect(error { $0.tensors[0].shape = [1, 8, 8, 15] }.contains("ConvolutionOperator cannot take"))
    #expect(error { $0.tensors[0].shape = [1, 2, 8, 16] }.contains("ConvolutionOperator cannot take"))
    #expect(error { $0.nodes.reverse() }.contains("node 1 stands in no order"))
    #expect(error { $0.nodes[1].inputs = [99] }.contains("node 1"))
    #expect(error { $0.nodes[1].output = 0 }.contains("node 1"))
    #expect(error { $0.input = 1 }.contains("input"))
  }

  /// Tensors that are in use at one time lie apart; those that are not share memory.
  @Test func memoryIsSharedOverTime() throws {
    var maker = GraphMaker(input: [1, 16, 16, 16])
    var (last, kept) = (0, [Int]())
    for index in 0..<12 {
      last = try maker.convolution(last, outputs: 16 + 8 * (index % 3), WindowAxis(size: 1))
      if index == 4 { kept.append(last) }
    }
    kept.append(last)
    let graph = maker.graph
    let plan = GraphMemory(graph, keeping: kept)
    var lastUse = [Int: Int]()
    for (number, node) in graph.nodes.enumerated() { for input in node.inputs { lastUse[input] = number } }
    for output in kept { lastUse[output] = graph.nodes.count }
    var spans = [(tensor: 0, from: 0, to: lastUse[0] ?? 0)]
    spans += graph.nodes.enumerated().map { ($1.output, $0, lastUse[$1.output] ?? $0) }
    for (index, one) in spans.enumerated() {
      let start = try #require(plan.offsets[one.tensor])
      #expect(start >= 0 && start + graph.tensors[one.tensor].count <= plan.count)
      for other in spans[..<index] where other.to >= one.from && one.to >= other.from {
        let second = try #require(plan.offsets[other.tensor])
        #expect(
          start + graph.tensors[one.tensor].count <= second || second + graph.tensors[other.tensor].count <= start)
      }
    }
    #expect(plan.count < spans.reduce(0) { $0 + graph.tensors[$1.tensor].count } / 3)
  }
}
