import SentryPluginAPI

/// The operators that only put values elsewhere, or reduce them.
extension GraphOperator {
  static let globalPool = GraphOperator { step in
    let x = try step.shape(0)
    return x.enumerated().map { $0.offset < 2 ? $0.element : 1 }
  }

  static let flatten = GraphOperator { step in
    let x = try step.shape(0)
    let axis = try step.int("axis", 1)
    guard (0...x.count).contains(axis) else { throw step.failure("has no axis \(axis)") }
    return try [product(x[..<axis], step), product(x[axis...], step)]
  }

  static let concatenation = GraphOperator { step in
    var result = try step.shape(0)
    guard !result.isEmpty else { throw step.failure("joins values without axes") }
    let axis = try step.axis(step.int("axis", 0), of: result.count)
    for index in step.inputs.indices.dropFirst() {
      let next = try step.shape(index)
      guard next.count == result.count else { throw step.failure("joins \(result) and \(next)") }
      let (sum, overflows) = result[axis].addingReportingOverflow(next[axis])
      guard !overflows else { throw step.failure("is too large") }
      result[axis] = sum
    }
    return result
  }

  static let transposition = GraphOperator { step in
    let x = try step.shape(0)
    let order = try step.ints("perm") ?? Array(x.indices.reversed())
    guard order.sorted() == Array(x.indices) else { throw step.failure("has the order \(order)") }
    return order.map { x[$0] }
  }

  static let gathering = GraphOperator { step in
    let (x, indices) = (try step.shape(0), try step.shape(1))
    let axis = try step.axis(step.int("axis", 0), of: x.count)
    guard axis < x.count else { throw step.failure("has no axis \(axis)") }
    return Array(x[..<axis]) + indices + Array(x[(axis + 1)...])
  }

  static let squeezing = GraphOperator { step in
    let x = try step.shape(0)
    let axes = try step.integers(1, or: "axes")?.map { try step.axis($0, of: x.count) }
    return x.indices.filter { axis in axes.map { !$0.contains(axis) } ?? (x[axis] != 1) }.map { x[$0] }
  }

  static let unsqueezing = GraphOperator { step in
    var x = try step.shape(0)
    let axes = try step.integers(1, or: "axes") ?? []
    let rank = x.count + axes.count
    for axis in try axes.map({ try step.axis($0, of: rank) }).sorted() {
      guard axis <= x.count else { throw step.failure("has no axis \(axis)") }
      x.insert(1, at: axis)
    }
    return x
  }

  static let reduction = GraphOperator { step in
    let x = try step.shape(0)
    let axes = try step.integers(1, or: "axes")?.map { try step.axis($0, of: x.count) } ?? Array(x.indices)
    let keeps = try step.int("keepdims", 1) == 1
    return x.indices.compactMap { axes.contains($0) ? (keeps ? 1 : nil) : x[$0] }
  }

  static let reshaping = GraphOperator { step in
    let x = try step.shape(0)
    guard let wanted = try step.integers(1, or: "shape") else { throw step.failure("has no constant shape") }
    var result = wanted.enumerated().map { $0.element == 0 && $0.offset < x.count ? x[$0.offset] : $0.element }
    if let open = result.firstIndex(of: -1) {
      result[open] = 1
      let known = try product(result[...], step)
      result[open] = known > 0 ? try product(x[...], step) / known : 0
    }
    guard result.allSatisfy({ $0 >= 0 }) else { throw step.failure("has the shape \(wanted)") }
    return result
  }

  private static func product(_ extents: ArraySlice<Int>, _ step: GraphStep) throws -> Int {
    try extents.reduce(1) { product, extent in
      let (next, overflows) = product.multipliedReportingOverflow(by: extent)
      guard !overflows else { throw step.failure("is too large") }
      return next
    }
  }
}
