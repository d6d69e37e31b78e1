/// A pickle machine that knows tensors and containers and runs no code: every name, opcode and persistent id outside
/// a short list is refused (compare `torch/_weights_only_unpickler.py`).
struct Unpickler {
  typealias Item = PickleGraph.Item

  var input: PickleInput
  var graph = PickleGraph()
  /// What may still be put on the stack, into containers and into the memo: bounds the memory that a file can claim.
  private var budget: Int
  private var stack: [Item] = []
  private var marks: [Int] = []
  private var memo: [Int: Item] = [:]
  private var storages: [String: Int] = [:]

  init(_ input: PickleInput, limits: PyTorchFile.Limits) {
    self.input = input
    budget = limits.items
  }

  /// Runs one pickle to its end and gives the object on top. Throws ``FormatError``.
  mutating func load() throws -> Item {
    while true {
      let byte = try input.byte()
      guard let opcode = PickleOpcode(rawValue: byte) else {
        throw FormatError(
          .refused, file: input.file.path, place: input.place,
          "the pickle opcode 0x\(String(byte, radix: 16)) does not occur in files of tensors",
          hint: "save with torch.save(model.state_dict(), path)")
      }
      if opcode == .stop { return try pop() }
      try run(opcode)
    }
  }

  private mutating func run(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .stop: break
    case .proto:
      let version = try input.byte()
      guard (2...5).contains(version) else { throw input.malformed("pickle protocol \(version) is not known") }
    case .frame: _ = try input.number(8)
    case .mark:
      try spend(1)
      marks.append(stack.count)
    case .none: try push(.none)
    case .newTrue: try push(.bool(true))
    case .newFalse: try push(.bool(false))
    case .binInt: try push(.int(Int(Int32(truncatingIfNeeded: try input.number(4)))))
    case .binInt1: try push(.int(Int(try input.number(1))))
    case .binInt2: try push(.int(Int(try input.number(2))))
    case .long1: try push(integer(try input.counted(1)))
    case .long4: try push(integer(try input.counted(4)))
    case .binFloat: try push(.float(Double(bitPattern: try input.number(8).byteSwapped)))
    case .binUnicode: try push(.string(try input.text(try input.counted(4))))
    case .shortBinUnicode: try push(.string(try input.text(try input.counted(1))))
    case .binUnicode8: try push(.string(try input.text(try input.counted(8))))
    // Strings of Python 2, which wrote the names of tensors as such.
    case .binString: try push(.string(try input.text(try input.counted(4))))
    case .shortBinString: try push(.string(try input.text(try input.counted(1))))
    case .binBytes: try push(.bytes(try input.counted(4)))
    case .shortBinBytes: try push(.bytes(try input.counted(1)))
    case .binBytes8, .byteArray8: try push(.bytes(try input.counted(8)))
    case .emptyList, .emptySet: try push(graph.add(.list))
    case .emptyTuple: try push(graph.add(.tuple))
    case .emptyDict: try push(graph.add(.dict))
    case .append: try extend([.list], by: [try pop()])
    case .appends, .addItems: try extend([.list], by: try popMark())
    case .setItem:
      let value = try pop()
      try extend([.dict, .orderedDict], by: [try pop(), value])
    case .setItems:
      let pairs = try popMark()
      guard pairs.count.isMultiple(of: 2) else { throw input.malformed("a dictionary has a key without a value") }
      try extend([.dict, .orderedDict], by: pairs)
    case .tuple: try push(graph.add(.tuple, try popMark()))
    case .frozenSet: try push(graph.add(.list, try popMark()))
    case .tuple1: try pushTuple(1)
    case .tuple2: try pushTuple(2)
    case .tuple3: try pushTuple(3)
    case .binGet: try recall(Int(try input.number(1)))
    case .longBinGet: try recall(Int(try input.number(4)))
    case .binPut: try remember(Int(try input.number(1)))
    case .longBinPut: try remember(Int(try input.number(4)))
    case .memoize: try remember(memo.count)
    case .global:
      let module = try input.line()
      try push(.global(try global(module, try input.line())))
    case .stackGlobal:
      guard case .string(let name) = try pop(), case .string(let module) = try pop() else {
        throw input.malformed("a name is not a string")
      }
      try push(.global(try global(module, name)))
    case .reduce, .newObject:
      let arguments = try pop()
      try push(try call(try pop(), arguments))
    case .build: try build(state: try pop())
    case .binPersistentID: try push(try storage(try pop()))
    }
  }

  // MARK: The stack

  mutating func spend(_ amount: Int) throws {
    guard budget >= amount else {
      throw FormatError(
        .tooLarge, file: input.file.path, place: input.place, "the description of the contents has too many parts",
        hint: "this is not a checkpoint, or it needs higher limits")
    }
    budget -= amount
  }

  private mutating func push(_ item: Item) throws {
    try spend(1)
    stack.append(item)
  }

  private mutating func pop() throws -> Item {
    // Below a mark lies what belongs to the containers around this one.
    guard stack.count > marks.last ?? 0, let item = stack.popLast() else {
      throw input.malformed("the pickle takes more values from the stack than it has put there")
    }
    return item
  }

  private mutating func popMark() throws -> [Item] {
    guard let mark = marks.popLast() else { throw input.malformed("the pickle ends a container that it did not begin") }
    let items = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return items
  }

  private mutating func pushTuple(_ count: Int) throws {
    var items: [Item] = []
    for _ in 0..<count { items.append(try pop()) }
    try push(graph.add(.tuple, items.reversed()))
  }

  private mutating func extend(_ kinds: [PickleGraph.Node.Kind], by items: [Item]) throws {
    guard stack.count > marks.last ?? 0, case .node(let index) = stack.last, kinds.contains(graph.nodes[index].kind)
    else { throw input.malformed("elements are added to something that is not a \(kinds[0])") }
    try spend(items.count)
    graph.nodes[index].items.append(contentsOf: items)
  }

  private mutating func build(state: Item) throws {
    // An OrderedDict carries attributes (`_metadata`, versions of the modules), which are not needed here.
    guard stack.count > marks.last ?? 0, case .node(let index) = stack.last, graph.nodes[index].kind == .orderedDict
    else {
      throw FormatError(
        .refused, file: input.file.path, place: input.place, "the file sets the state of an object",
        hint: "save with torch.save(model.state_dict(), path)")
    }
  }

  // MARK: The memo

  private mutating func remember(_ key: Int) throws {
    guard stack.count > marks.last ?? 0, let top = stack.last else {
      throw input.malformed("the pickle stores a value that it has not made")
    }
    try spend(1)
    memo[key] = top
  }

  private mutating func recall(_ key: Int) throws {
    guard let item = memo[key] else { throw input.malformed("the pickle refers to a value that it has not stored") }
    try push(item)
  }

  // MARK: Names and persistent ids

  private func integer(_ bytes: [UInt8]) -> Item {
    guard bytes.count <= 8 else { return .bigInt(bytes) }
    let negative = (bytes.last ?? 0) & 0x80 != 0
    var value: UInt64 = negative ? .max : 0
    for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
    return .int(Int(Int64(bitPattern: value)))
  }

  private func global(_ module: String, _ name: String) throws -> PickleGlobal {
    guard let global = PickleGlobal(module: module, name: name) else {
      throw FormatError(
        .refused, file: input.file.path, place: input.place,
        "the file asks for \(module.prefix(200)).\(name.prefix(200)); only tensors and containers are read, and no code is run",
        hint: "in Python: load the file there if you trust it, and torch.save(model.state_dict(), path)")
    }
    return global
  }

  /// `("storage", type, key, location, count)`, in old files with a view as sixth.
  private mutating func storage(_ identifier: Item) throws -> Item {
    guard let parts = graph.tuple(identifier), parts.count >= 5, case .string("storage") = parts[0],
      case .global(let type) = parts[1], case .int(let count) = parts[4], count >= 0
    else { throw input.malformed("a reference to the data of tensors does not have PyTorch's form") }
    let key: String
    switch parts[2] {
    case .string(let text): key = text
    case .int(let number): key = String(number)
    default: throw input.malformed("a storage has no key")
    }
    let dtype: DType?
    switch type {
    case .storage(let known): dtype = known
    case .untypedStorage: dtype = nil
    default: throw input.malformed("a storage has no type")
    }
    let view = try parts.count > 5 ? view(parts[5], of: count) : nil
    if let known = storages[key], view == nil, graph.storages[known].view == nil {
      let first = graph.storages[known]
      guard first.dtype == dtype, first.count == count else {
        throw input.malformed("the storage \(key) is described in two ways")
      }
      return .storage(known)
    }
    graph.storages.append(PickleGraph.Storage(key: key, dtype: dtype, count: count, view: view))
    if view == nil { storages[key] = graph.storages.count - 1 }
    return .storage(graph.storages.count - 1)
  }

  private func view(_ item: Item, of count: Int) throws -> Range<Int>? {
    if case .none = item { return nil }
    guard let parts = graph.tuple(item), parts.count == 3, case .int(let offset) = parts[1],
      case .int(let length) = parts[2], offset >= 0, length >= 0, offset <= count, length <= count - offset
    else { throw input.malformed("a view of a storage extends beyond the storage") }
    return offset..<offset + length
  }
}
