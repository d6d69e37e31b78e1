/// What `REDUCE` may call.
extension Unpickler {
  /// The result of calling `callee` with a tuple of arguments.
  mutating func call(_ callee: Item, _ argumentTuple: Item) throws -> Item {
    guard case .global(let global) = callee, let arguments = graph.tuple(argumentTuple) else {
      throw input.malformed("a call has no function or no arguments")
    }
    switch global {
    case .orderedDict: return try dictionary(.orderedDict, arguments)
    case .counter: return try dictionary(.dict, arguments)
    case .set:
      guard let items = arguments.first.map({ graph.node($0)?.items ?? [] }) else { return graph.add(.list) }
      try spend(items.count)
      return graph.add(.list, items)
    case .encode, .byteArray: return .bytes(try latin1(arguments))
    case .size:
      guard arguments.count == 1, graph.integers(arguments[0]) != nil else { throw wrongArguments("torch.Size") }
      return arguments[0]
    case .device: return .string(try device(arguments))
    case .layout:
      guard arguments.count == 1, case .string = arguments[0] else { throw wrongArguments("torch.layout") }
      return arguments[0]
    case .rebuildTensor, .rebuildTensorV2, .rebuildTensorV3: return try tensor(global, arguments)
    case .rebuildParameter:
      guard let first = arguments.first, case .tensor = first else { throw wrongArguments("a parameter") }
      return first
    case .rebuildFromType:
      // (function, type, arguments, state): a tensor with attributes of its own, which are dropped.
      guard arguments.count == 4, case .global(let inner) = arguments[0], case .global(.tensorType) = arguments[1],
        let innerArguments = graph.tuple(arguments[2])
      else { throw wrongArguments("a tensor with attributes") }
      switch inner {
      case .rebuildTensor, .rebuildTensorV2, .rebuildTensorV3: return try tensor(inner, innerArguments)
      default: throw wrongArguments("a tensor with attributes")
      }
    case .tensorType, .storage, .untypedStorage, .dtype:
      throw FormatError(
        .unsupported, file: input.file.path, place: input.place,
        "the file builds a tensor in a form that is not supported",
        hint: "save it with a recent torch.save")
    }
  }

  private func wrongArguments(_ what: String) -> FormatError {
    input.malformed("\(what) is described in an unknown way")
  }

  /// `OrderedDict()`, `Counter({…})`, or in files of Python 2 `OrderedDict([[key, value], …])`.
  private mutating func dictionary(_ kind: PickleGraph.Node.Kind, _ arguments: [Item]) throws -> Item {
    guard let argument = arguments.first else { return graph.add(kind) }
    guard arguments.count == 1, let node = graph.node(argument) else { throw wrongArguments("a dictionary") }
    try spend(node.items.count)
    if node.kind == .dict || node.kind == .orderedDict { return graph.add(kind, node.items) }
    var items: [Item] = []
    for pair in node.items {
      guard let pair = graph.node(pair), pair.kind == .list || pair.kind == .tuple, pair.items.count == 2 else {
        throw wrongArguments("a dictionary")
      }
      items += pair.items
    }
    return graph.add(kind, items)
  }

  /// `_codecs.encode(text, "latin1")` is how protocol 2 writes bytes.
  private mutating func latin1(_ arguments: [Item]) throws -> [UInt8] {
    switch arguments.first {
    case nil: return []
    case .bytes(let bytes): return bytes
    case .string(let text):
      try spend(text.utf8.count / 16)
      return try text.unicodeScalars.map {
        guard let byte = UInt8(exactly: $0.value) else { throw wrongArguments("a string of bytes") }
        return byte
      }
    default: throw wrongArguments("a string of bytes")
    }
  }

  private func device(_ arguments: [Item]) throws -> String {
    guard case .string(let type) = arguments.first, type.utf8.count < 64 else { throw wrongArguments("torch.device") }
    if arguments.count > 1, case .int(let index) = arguments[1] { return "\(type):\(index)" }
    return type
  }

  /// `(storage, offset, size, stride, …)`; version 3 gives the type as seventh.
  private mutating func tensor(_ version: PickleGlobal, _ arguments: [Item]) throws -> Item {
    guard arguments.count >= 4, case .storage(let storage) = arguments[0], case .int(let offset) = arguments[1],
      let shape = graph.integers(arguments[2]), let strides = graph.integers(arguments[3])
    else { throw wrongArguments("a tensor") }
    try spend(1 + shape.count)
    var dtype = graph.storages[storage].dtype
    var metadata = arguments.count > 6 ? arguments[6] : .none
    if case .rebuildTensorV3 = version {
      guard arguments.count >= 7, case .global(.dtype(let name)) = arguments[6] else {
        throw wrongArguments("a tensor")
      }
      dtype = DType(pyTorchName: name)
      if dtype == nil { throw unsupportedType("torch.\(name)") }
      metadata = arguments.count > 7 ? arguments[7] : .none
    }
    guard let dtype else { throw unsupportedType("no type") }
    // The bits of a lazily negated or conjugated tensor.
    if case .none = metadata {
    } else if let node = graph.node(metadata), node.items.isEmpty {
    } else {
      throw unsupportedType("negation or conjugation pending")
    }
    graph.tensors.append(
      PickleGraph.Tensor(storage: storage, dtype: dtype, offset: offset, shape: shape, strides: strides))
    return .tensor(graph.tensors.count - 1)
  }

  private func unsupportedType(_ type: String) -> FormatError {
    FormatError(
      .unsupported, file: input.file.path, place: input.place, "a tensor has \(type), which is not read",
      hint: "convert it in Python with tensor.float() or tensor.long() and save again")
  }
}
