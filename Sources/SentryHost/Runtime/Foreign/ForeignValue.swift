import SentryPluginAPI

/// A value as C receives it.
enum ForeignValue: Sendable, Equatable {
  case int32(Int32)
  case int64(Int64)
  case uint64(UInt64)
  case float(Float)
  case double(Double)
  /// An address; 0 is null.
  case pointer(UInt)

  static let size = 8

  func store(at place: UnsafeMutableRawPointer) {
    switch self {
    case .int32(let value): place.storeBytes(of: value, as: Int32.self)
    case .int64(let value): place.storeBytes(of: value, as: Int64.self)
    case .uint64(let value): place.storeBytes(of: value, as: UInt64.self)
    case .float(let value): place.storeBytes(of: value, as: Float.self)
    case .double(let value): place.storeBytes(of: value, as: Double.self)
    case .pointer(let value): place.storeBytes(of: value, as: UInt.self)
    }
  }
}

extension ForeignValue {
  /// nil where the type cannot hold the number.
  init?(_ number: Int, as type: ForeignType) {
    switch type {
    case .int32: if let value = Int32(exactly: number) { self = .int32(value) } else { return nil }
    case .int64: self = .int64(Int64(number))
    case .uint64: if let value = UInt64(exactly: number) { self = .uint64(value) } else { return nil }
    case .float: self = .float(Float(number))
    case .double: self = .double(Double(number))
    case .pointer, .void: return nil
    }
  }

  /// nil where the type cannot hold the value; null is for pointers alone.
  init?(_ value: JSONValue, as type: ForeignType) {
    switch value {
    case .null where type == .pointer: self = .pointer(0)
    case .bool(let flag) where type.isInteger: self.init(flag ? 1 : 0, as: type)
    case .integer(let number): self.init(number, as: type)
    case .number(let number) where type == .double: self = .double(number)
    case .number(let number) where type == .float && Float(number).isFinite: self = .float(Float(number))
    // Where a number is typed as 3.0 or 1e3.
    case .number(let number) where type.isInteger && number == number.rounded() && abs(number) < 9e15:
      self.init(Int(number), as: type)
    default: return nil
    }
  }
}
