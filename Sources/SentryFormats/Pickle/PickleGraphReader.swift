/// Turns a graph into values, once the tensors' bytes can be found.
struct PickleGraphReader {
  let graph: PickleGraph
  let file: String
  let limits: PyTorchFile.Limits
  /// Gives the tensor with this number; remembers nothing.
  let tensor: (PickleGraph.Tensor) throws -> StoredTensor

  private enum Progress {
    case started
    case done(PickleValue, weight: Int)
  }
  private var nodes: [Int: Progress] = [:]
  private var tensors: [Int: StoredTensor] = [:]

  init(
    _ graph: PickleGraph, file: String, limits: PyTorchFile.Limits,
    tensor: @escaping (PickleGraph.Tensor) throws -> StoredTensor
  ) {
    self.graph = graph
    self.file = file
    self.limits = limits
    self.tensor = tensor
  }

  mutating func value(of item: PickleGraph.Item) throws -> PickleValue {
    try weighed(item, depth: 0).value
  }

  /// The value and the number of values in it. Shared parts count each time: a few hundred bytes can describe lists of
  /// lists that have more elements than there is memory to print them.
  private mutating func weighed(
    _ item: PickleGraph.Item, depth: Int
  ) throws -> (value: PickleValue, weight: Int) {
    switch item {
    case .none: return (.none, 1)
    case .bool(let value): return (.bool(value), 1)
    case .int(let value): return (.int(value), 1)
    case .bigInt(let value): return (.bigInt(value), 1)
    case .float(let value): return (.float(value), 1)
    case .string(let value): return (.string(value), 1)
    case .bytes(let value): return (.bytes(value), 1)
    case .global(.dtype(let name)): return (.string("torch.\(name)"), 1)
    case .global: throw unsupported("there is a class where a value was expected")
    case .storage: throw unsupported("one of the values is a storage without a tensor")
    case .tensor(let index):
      if let known = tensors[index] { return (.tensor(known), 1) }
      let made = try tensor(graph.tensors[index])
      tensors[index] = made
      return (.tensor(made), 1)
    case .node(let index): return try container(index, depth: depth)
    }
  }

  private mutating func container(_ index: Int, depth: Int) throws -> (value: PickleValue, weight: Int) {
    switch nodes[index] {
    case .done(let value, let weight): return (value, weight)
    case .started: throw unsupported("a container contains itself")
    case nil: break
    }
    guard depth < limits.depth else {
      throw FormatError(
        .tooLarge, file: file, "containers are nested more than \(limits.depth) deep", hint: "this is not a checkpoint")
    }
    nodes[index] = .started
    let node = graph.nodes[index]
    var weight = 1
    var values: [PickleValue] = []
    values.reserveCapacity(node.items.count)
    for item in node.items {
      let (value, itemWeight) = try weighed(item, depth: depth + 1)
      weight += itemWeight
      guard weight <= limits.items else {
        throw FormatError(
          .tooLarge, file: file, "the contents have more than \(limits.items) values", hint: "this is not a checkpoint")
      }
      values.append(value)
    }
    let value: PickleValue
    switch node.kind {
    case .list: value = .list(values)
    case .tuple: value = .tuple(values)
    case .dict, .orderedDict: value = .dict(try dictionary(values, isOrderedDict: node.kind == .orderedDict))
    }
    nodes[index] = .done(value, weight: weight)
    return (value, weight)
  }

  private func dictionary(_ values: [PickleValue], isOrderedDict: Bool) throws -> PickleDictionary {
    var dictionary = PickleDictionary(isOrderedDict: isOrderedDict)
    for index in stride(from: 0, to: values.count - 1, by: 2) {
      var room = Self.keyParts
      dictionary.set(values[index + 1], for: try key(values[index], room: &room))
    }
    return dictionary
  }

  /// Values in a key. Unlike the values themselves, parts that a key mentions several times are there several times.
  private static let keyParts = 1000

  private func key(_ value: PickleValue, room: inout Int) throws -> PickleDictionary.Key {
    room -= 1
    guard room >= 0 else { throw unsupported("a dictionary has a key of more than \(Self.keyParts) parts") }
    return switch value {
    case .string(let value): .string(value)
    case .int(let value): .int(value)
    case .bool(let value): .bool(value)
    case .float(let value): .float(value)
    case .none: .none
    case .tuple(let values): .tuple(try values.map { try key($0, room: &room) })
    default: throw unsupported("a dictionary has a \(value.typeName) as a key")
    }
  }

  private func unsupported(_ detail: String) -> FormatError {
    FormatError(
      .unsupported, file: file, detail, hint: "save tensors, numbers and strings in dictionaries, lists and tuples")
  }
}
