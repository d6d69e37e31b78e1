/// Where the values of a sparse tensor lie: its axes (and those of its blocks) in the order in which they are walked, each with all
/// its indices, or with a list of indices for every index before it (compressed rows).
///
/// Source: https://arxiv.org/abs/1804.10112 (the format of TACO), as TensorFlow Lite stores it.
public struct TFLiteSparsity: Sendable {
  enum Level: Sendable {
    case dense(Int)
    /// The indices of the n-th node are `indices[segments[n]..<segments[n + 1]]`.
    case compressed(segments: [Int], indices: [Int])
  }

  /// Levels in the order of the walk, each with the distance in the dense tensor between two of its indices.
  private let levels: [(level: Level, step: Int)]
  private let elements: Int

  /// - Parameters:
  ///   - order: the axes in the order of the walk; those from `shape.count` on are the axes of blocks.
  ///   - blocked: which axis of the tensor each axis of blocks divides.
  ///   - values: how many values are stored.
  /// - Throws: ``Mismatch`` where the levels do not describe a tensor of this shape with so many values.
  init(shape: [Int], order: [Int], blocked: [Int], levels: [Level], values: Int) throws(Mismatch) {
    let axes = shape.count + blocked.count
    guard levels.count == axes, order.sorted().elementsEqual(0..<axes) else {
      throw Mismatch("has \(levels.count) levels in the order \(order) for \(axes) axes")
    }
    guard Set(blocked).count == blocked.count, blocked.allSatisfy(shape.indices.contains) else {
      throw Mismatch("has blocks along \(blocked), and the axes are \(shape.indices)")
    }
    var block = [Int](repeating: 1, count: shape.count)
    for (number, axis) in blocked.enumerated() {
      guard let place = order.firstIndex(of: shape.count + number), case .dense(let size) = levels[place], size > 0,
        shape[axis] % size == 0
      else { throw Mismatch("has blocks that do not divide axis \(axis)") }
      block[axis] = size
    }
    var steps = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() { steps[axis] = steps[axis + 1] * shape[axis + 1] }
    elements = shape.reduce(1, *)
    var nodes = 1
    var walked: [(Level, Int)] = []
    for (axis, level) in zip(order, levels) {
      let isBlock = axis >= shape.count
      let own = isBlock ? blocked[axis - shape.count] : axis
      let extent = isBlock ? block[own] : shape[own] / block[own]
      nodes = try level.nodes(behind: nodes, extent: extent, atMost: elements)
      walked.append((level, isBlock ? steps[own] : steps[own] * block[own]))
    }
    guard nodes == values else { throw Mismatch("has \(values) values for \(nodes) places") }
    self.levels = walked
  }

  /// All elements, with 0 where no value is stored.
  func dense<Value: Numeric>(_ values: [Value]) -> [Value] {
    // Where the nodes of the levels so far begin in the dense tensor, in the order of the walk.
    var places = [0]
    for (level, step) in levels {
      switch level {
      case .dense(let size): places = places.flatMap { place in (0..<size).map { place + $0 * step } }
      case .compressed(let segments, let indices):
        var next: [Int] = []
        next.reserveCapacity(indices.count)
        for (node, place) in places.enumerated() {
          for index in indices[segments[node]..<segments[node + 1]] { next.append(place + index * step) }
        }
        places = next
      }
    }
    var result = [Value](repeating: .zero, count: elements)
    for (place, value) in zip(places, values) { result[place] = value }
    return result
  }

  struct Mismatch: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
  }
}

extension TFLiteSparsity.Level {
  /// The nodes of this level, after as many of the level before.
  fileprivate func nodes(behind count: Int, extent: Int, atMost limit: Int) throws(TFLiteSparsity.Mismatch) -> Int {
    switch self {
    case .dense(let size):
      // Both are at most the elements of a tensor, whose product fits.
      guard size == extent, count <= limit / max(size, 1) else {
        throw TFLiteSparsity.Mismatch("has a level of \(size) indices where \(extent) belong")
      }
      return count * size
    case .compressed(let segments, let indices):
      guard segments.count == count + 1, segments.first == 0, segments.last == indices.count, indices.count <= limit,
        zip(segments, segments.dropFirst()).allSatisfy({ $0 <= $1 })
      else {
        throw TFLiteSparsity.Mismatch(
          "has \(segments.count) segments of \(indices.count) indices behind \(count) indices")
      }
      guard indices.allSatisfy((0..<extent).contains) else {
        throw TFLiteSparsity.Mismatch("has an index outside 0..<\(extent)")
      }
      return indices.count
    }
  }
}
