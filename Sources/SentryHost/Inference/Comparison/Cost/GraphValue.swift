import SentryPluginAPI

/// What is known of a value of a graph without computing it: its extents, and its numbers where it is a constant.
struct GraphValue {
  var shape: [Int]
  var integers: [Int]?

  var count: Double { shape.reduce(1) { $0 * Double($1) } }
}

/// A node of a graph with its inputs' values. Numbers come from a plugin: whatever they are, nothing here traps.
struct GraphStep {
  let node: ModelGraph.Node
  let inputs: [GraphValue?]

  /// The extents of an input. Throws where there is none.
  func shape(_ index: Int) throws -> [Int] {
    guard inputs.indices.contains(index), let value = inputs[index] else { throw failure("lacks input \(index + 1)") }
    return value.shape
  }

  /// The numbers of a constant input, or of the attribute that older operators have in its place.
  func integers(_ index: Int, or attribute: String) throws -> [Int]? {
    if inputs.indices.contains(index), let integers = inputs[index]?.integers { return integers }
    return try ints(attribute)
  }

  func int(_ name: String, _ fallback: Int) throws -> Int {
    guard case .int(let value) = node.attributes[name] else { return fallback }
    return try checked(value)
  }

  func ints(_ name: String) throws -> [Int]? {
    guard case .ints(let values) = node.attributes[name] else { return nil }
    return try values.map(checked)
  }

  /// An axis of a tensor of so many, counted from its end where negative.
  func axis(_ axis: Int, of rank: Int) throws -> Int {
    guard (-rank..<max(rank, 1)).contains(axis) else { throw failure("has no axis \(axis)") }
    return axis < 0 ? axis + rank : axis
  }

  func failure(_ what: String) -> PluginError { PluginError("the operator \(node.op) of the model's graph \(what)") }

  private func checked(_ value: Int) throws -> Int {
    guard (-1 << 30...1 << 30).contains(value) else { throw failure("has the number \(value)") }
    return value
  }
}
