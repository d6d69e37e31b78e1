/// What a `.pth` file holds: tensors in Python containers.
///
/// Python types without a case of their own are read as the nearest one: `torch.Size` as a tuple, a set as a list,
/// `bytearray` as bytes, `torch.dtype`, `torch.device` and `torch.layout` as their names (`"torch.float32"`).
public enum PickleValue: Sendable {
  case none
  case bool(Bool)
  case int(Int)
  /// An integer beyond 64 bits: two's complement, least significant byte first.
  case bigInt([UInt8])
  case float(Double)
  case string(String)
  case bytes([UInt8])
  case list([PickleValue])
  case tuple([PickleValue])
  case dict(PickleDictionary)
  indirect case tensor(StoredTensor)
}

extension PickleValue {
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  public var int: Int? { if case .int(let value) = self { value } else { nil } }
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  public var bytes: [UInt8]? { if case .bytes(let value) = self { value } else { nil } }
  public var dictionary: PickleDictionary? { if case .dict(let value) = self { value } else { nil } }
  public var tensor: StoredTensor? { if case .tensor(let value) = self { value } else { nil } }

  /// A float, or an integer as one: Python writes `1` and `1.0` as they come.
  public var double: Double? {
    switch self {
    case .float(let value): value
    case .int(let value): Double(value)
    default: nil
    }
  }

  /// The elements of a list or of a tuple.
  public var elements: [PickleValue]? {
    switch self {
    case .list(let values), .tuple(let values): values
    default: nil
    }
  }

  /// The value under `key` of a dictionary; nil where there is none or this is no dictionary.
  public subscript(key: String) -> PickleValue? { dictionary?[key] }

  /// What it is, in Python's words, for messages.
  public var typeName: String {
    switch self {
    case .none: "None"
    case .bool: "bool"
    case .int, .bigInt: "int"
    case .float: "float"
    case .string: "str"
    case .bytes: "bytes"
    case .list: "list"
    case .tuple: "tuple"
    case .dict: "dict"
    case .tensor: "Tensor"
    }
  }
}
