/// A Python dictionary: pairs in the order in which they were put in.
public struct PickleDictionary: Sendable {
  /// What can be a key of a Python dictionary in these files.
  public enum Key: Hashable, Sendable {
    case string(String)
    case int(Int)
    case bool(Bool)
    case float(Double)
    case none
    case tuple([Key])

    /// As in Python, strings are equal whose characters are the same, however they look.
    public static func == (a: Key, b: Key) -> Bool {
      switch (a, b) {
      case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
      case (.int(let a), .int(let b)): a == b
      case (.bool(let a), .bool(let b)): a == b
      // Python finds a key that is no number by its identity, so that equal bits are one key; unequal to itself, it could
      // not be found, and a million of them would take the square of that to put in.
      case (.float(let a), .float(let b)): a == b || a.bitPattern == b.bitPattern
      case (.none, .none): true
      case (.tuple(let a), .tuple(let b)): a == b
      default: false
      }
    }

    /// Of the bytes, as the comparison: a string's own hash is that of all strings which look like it, and they are many.
    public func hash(into hasher: inout Hasher) {
      switch self {
      case .string(let text):
        hasher.combine(0)
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
      case .int(let value):
        hasher.combine(1)
        hasher.combine(value)
      case .bool(let value):
        hasher.combine(2)
        hasher.combine(value)
      case .float(let value):
        hasher.combine(3)
        hasher.combine(value)
      case .none: hasher.combine(4)
      case .tuple(let keys):
        hasher.combine(5)
        hasher.combine(keys)
      }
    }
  }

  /// Whether it is written as `collections.OrderedDict`, as a module's `state_dict()` is, or as a plain `dict`.
  public var isOrderedDict: Bool
  public private(set) var keys: [Key] = []
  public private(set) var values: [PickleValue] = []
  private var positions: [Key: Int] = [:]

  public init(isOrderedDict: Bool = false) {
    self.isOrderedDict = isOrderedDict
  }

  /// Pairs in order; the later of two with one key wins, at the place of the first, as in Python.
  public init(_ pairs: some Sequence<(Key, PickleValue)>, isOrderedDict: Bool = false) {
    self.init(isOrderedDict: isOrderedDict)
    for (key, value) in pairs { set(value, for: key) }
  }

  public var count: Int { keys.count }
  public var isEmpty: Bool { keys.isEmpty }

  public mutating func set(_ value: PickleValue, for key: Key) {
    if let position = positions[key] {
      values[position] = value
    } else {
      positions[key] = keys.count
      keys.append(key)
      values.append(value)
    }
  }

  public subscript(key: Key) -> PickleValue? { positions[key].map { values[$0] } }
  public subscript(key: String) -> PickleValue? { self[.string(key)] }
  public subscript(key: Int) -> PickleValue? { self[.int(key)] }

  /// All pairs in order.
  public var pairs: Zip2Sequence<[Key], [PickleValue]> { zip(keys, values) }
}

extension PickleDictionary: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (Key, PickleValue)...) {
    self.init(elements)
  }
}

extension PickleDictionary.Key: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .int(value) }
}

extension PickleDictionary.Key: CustomStringConvertible {
  public var description: String {
    switch self {
    case .string(let value): value
    case .int(let value): String(value)
    case .bool(let value): value ? "True" : "False"
    case .float(let value): String(value)
    case .none: "None"
    case .tuple(let keys): "(" + keys.map(\.description).joined(separator: ", ") + ")"
    }
  }
}
