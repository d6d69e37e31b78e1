/// Where the tensors of a graph lie in one block of memory: those that are in use at one time do not overlap, others may.
///
/// The largest first, each as low as it fits: what TensorFlow Lite calls greedy by size, after Pisarchyk and Lee, "Efficient
/// memory management for deep neural net inference", 2020.
struct GraphMemory {
  /// By tensor, in floats; nil for constants and for what nobody computes.
  let offsets: [Int?]
  /// Of the block, in floats.
  let count: Int

  init(_ graph: GraphDefinition, keeping outputs: [Int]) {
    var uses = Uses(graph)
    for output in outputs { uses.extend(output, to: graph.nodes.count) }
    var placed: [Placed] = []
    var offsets = [Int?](repeating: nil, count: graph.tensors.count)
    let roots = uses.spans.keys.sorted { (graph.tensors[$1].count, $0) < (graph.tensors[$0].count, $1) }
    for root in roots {
      guard let span = uses.spans[root] else { continue }
      // A cache line after the other.
      let size = (graph.tensors[root].count + 15) / 16 * 16
      var offset = 0
      for other in placed where other.span.overlaps(span) {
        if offset + size <= other.offset { break }
        offset = max(offset, other.offset + other.size)
      }
      let place = Placed(span: span, offset: offset, size: size)
      placed.insert(place, at: placed.firstIndex { $0.offset > offset } ?? placed.endIndex)
      offsets[root] = offset
    }
    for tensor in graph.tensors.indices { offsets[tensor] = offsets[uses.root(tensor)] }
    self.offsets = offsets
    count = placed.reduce(0) { max($0, $1.offset + $1.size) }
  }

  private struct Placed {
    let span: ClosedRange<Int>
    let offset, size: Int
  }
}

/// From which node to which each tensor is in use; a tensor that is another one in a new shape shares its memory.
private struct Uses {
  private(set) var spans: [Int: ClosedRange<Int>] = [:]
  private var aliases: [Int: Int] = [:]

  init(_ graph: GraphDefinition) {
    spans[graph.input] = 0...0
    for (number, node) in graph.nodes.enumerated() {
      if node.body is ReshapeOperator {
        aliases[node.output] = root(node.inputs[0])
      } else {
        spans[node.output] = number...number
      }
      for input in node.inputs { extend(input, to: number) }
    }
  }

  func root(_ tensor: Int) -> Int { aliases[tensor] ?? tensor }

  mutating func extend(_ tensor: Int, to number: Int) {
    let root = root(tensor)
    guard let span = spans[root] else { return }  // a constant
    spans[root] = span.lowerBound...max(span.upperBound, number)
  }
}
