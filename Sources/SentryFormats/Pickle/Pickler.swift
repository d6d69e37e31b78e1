/// Writes values as a pickle of protocol 2, with the opcodes that `torch.load(weights_only=True)` knows. Tensors become
/// references to storages, numbered in the order in which they are met.
struct Pickler {
  private(set) var bytes: [UInt8] = []
  /// The tensors whose bytes belong to the storages 0, 1, …
  private(set) var tensors: [StoredTensor] = []
  /// By bytes: Swift takes strings for equal that differ in how an accent is composed, and Python does not.
  private var memo: [[UInt8]: Int] = [:]
  /// As in ``PyTorchFile/Limits``: what we write we must be able to read.
  private static let depth = PyTorchFile.Limits().depth

  /// The pickle of `value`. Throws ``FormatError`` (`invalidValue`) where Python has no such value.
  init(_ value: PickleValue) throws {
    emit(.proto)
    bytes.append(2)
    try put(value, depth: 0)
    emit(.stop)
  }

  private mutating func put(_ value: PickleValue, depth: Int) throws {
    guard depth <= Self.depth else {
      throw FormatError(.invalidValue, file: "", "containers are nested more than \(Self.depth) deep")
    }
    switch value {
    case .none: emit(.none)
    case .bool(let value): emit(value ? .newTrue : .newFalse)
    case .int(let value): put(value)
    case .bigInt(let value):
      guard let count = UInt8(exactly: value.count) else {
        throw FormatError(.invalidValue, file: "", "an integer has \(value.count) bytes; 255 can be written")
      }
      emit(.long1)
      bytes.append(count)
      bytes += value
    case .float(let value):
      emit(.binFloat)
      append(value.bitPattern.byteSwapped, 8)
    case .string(let value): try put(value)
    case .bytes(let value): try put(value)
    case .list(let values):
      emit(.emptyList)
      if !values.isEmpty {
        emit(.mark)
        for value in values { try put(value, depth: depth + 1) }
        emit(.appends)
      }
    case .tuple(let values): try putTuple(values) { try $0.put($1, depth: depth + 1) }
    case .dict(let dictionary): try put(dictionary, depth: depth)
    case .tensor(let tensor): try put(tensor)
    }
  }

  private mutating func put(_ dictionary: PickleDictionary, depth: Int) throws {
    if dictionary.isOrderedDict { putEmptyOrderedDict() } else { emit(.emptyDict) }
    guard !dictionary.isEmpty else { return }
    emit(.mark)
    for (key, value) in dictionary.pairs {
      try put(key)
      try put(value, depth: depth + 1)
    }
    emit(.setItems)
  }

  private mutating func put(_ key: PickleDictionary.Key) throws {
    switch key {
    case .string(let value): try put(value)
    case .int(let value): put(value)
    case .bool(let value): emit(value ? .newTrue : .newFalse)
    case .float(let value): try put(.float(value), depth: 0)
    case .none: emit(.none)
    case .tuple(let keys): try putTuple(keys) { try $0.put($1) }
    }
  }

  private mutating func put(_ value: Int) {
    switch value {
    case 0...0xFF:
      emit(.binInt1)
      append(UInt64(value), 1)
    case 0...0xFFFF:
      emit(.binInt2)
      append(UInt64(value), 2)
    case Int(Int32.min)...Int(Int32.max):
      emit(.binInt)
      append(UInt64(bitPattern: Int64(value)), 4)
    default:
      // As few bytes as hold the number and its sign.
      let count = (64 - (value < 0 ? ~value : value).leadingZeroBitCount) / 8 + 1
      emit(.long1)
      bytes.append(UInt8(count))
      append(UInt64(bitPattern: Int64(value)), count)
    }
  }

  private mutating func put(_ text: String) throws {
    let utf8 = Array(text.utf8)
    try remembering(utf8) { pickler in
      guard let count = UInt32(exactly: utf8.count) else {
        throw FormatError(.invalidValue, file: "", "a string has \(utf8.count) bytes; 4 GiB can be written")
      }
      pickler.emit(.binUnicode)
      pickler.append(UInt64(count), 4)
      pickler.bytes += utf8
    }
  }

  /// Protocol 2 has no bytes: Python writes the call that makes them.
  private mutating func put(_ value: [UInt8]) throws {
    putGlobal("_codecs", "encode")
    try put(String(String.UnicodeScalarView(value.map { Unicode.Scalar($0) })))
    try put("latin1")
    emit(.tuple2)
    emit(.reduce)
  }

  /// `torch._utils._rebuild_tensor_v2(storage, 0, size, stride, False, OrderedDict())`
  private mutating func put(_ tensor: StoredTensor) throws {
    putGlobal("torch._utils", "_rebuild_tensor_v2")
    emit(.mark)
    emit(.mark)
    try put("storage")
    putGlobal("torch", tensor.dtype.pyTorchStorage)
    try put(String(tensors.count))
    try put("cpu")
    put(tensor.count)
    emit(.tuple)
    emit(.binPersistentID)
    put(0)
    try putTuple(tensor.shape) { $0.put($1) }
    try putTuple(strides(of: tensor.shape)) { $0.put($1) }
    emit(.newFalse)
    putEmptyOrderedDict()
    emit(.tuple)
    emit(.reduce)
    tensors.append(tensor)
  }

  private func strides(of shape: [Int]) throws -> [Int] {
    var strides: [Int] = []
    var next = 1
    for extent in shape.reversed() {
      strides.append(next)
      // An empty tensor may have other extents of any size.
      guard let product = StoredTensor.product(next, max(extent, 1)) else {
        throw FormatError(.invalidValue, file: "", "the shape \(shape) is too large")
      }
      next = product
    }
    return strides.reversed()
  }

  private mutating func putEmptyOrderedDict() {
    putGlobal("collections", "OrderedDict")
    emit(.emptyTuple)
    emit(.reduce)
  }

  private mutating func putTuple<Element>(
    _ elements: [Element], _ put: (inout Pickler, Element) throws -> Void
  ) throws {
    if elements.count > 3 { emit(.mark) }
    for element in elements { try put(&self, element) }
    switch elements.count {
    case 0: emit(.emptyTuple)
    case 1: emit(.tuple1)
    case 2: emit(.tuple2)
    case 3: emit(.tuple3)
    default: emit(.tuple)
    }
  }

  private mutating func putGlobal(_ module: String, _ name: String) {
    // The zero sets it apart from a string of the same letters.
    let line = Array("\(module)\n\(name)\n".utf8)
    remembering([0] + line) { pickler in
      pickler.emit(.global)
      pickler.bytes += line
    }
  }

  /// Writes a thing once and refers to it from then on.
  private mutating func remembering<Failure>(
    _ key: [UInt8], _ put: (inout Pickler) throws(Failure) -> Void
  ) throws(Failure) {
    if let number = memo[key] {
      emit(number <= 0xFF ? .binGet : .longBinGet)
      return append(UInt64(number), number <= 0xFF ? 1 : 4)
    }
    try put(&self)
    let number = memo.count
    memo[key] = number
    emit(number <= 0xFF ? .binPut : .longBinPut)
    append(UInt64(number), number <= 0xFF ? 1 : 4)
  }

  private mutating func emit(_ opcode: PickleOpcode) {
    bytes.append(opcode.rawValue)
  }

  /// The lowest `width` bytes of `number`, least significant first.
  private mutating func append(_ number: UInt64, _ width: Int) {
    for shift in 0..<width { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * UInt64(shift)))) }
  }
}
