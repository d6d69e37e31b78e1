/// The element types that the formats of this module share. Names follow DLPack: kind and bits.
public enum DType: String, Sendable, CaseIterable {
  case f16, bf16, f32, f64, u8, i8, i16, i32, i64, bool

  /// Bytes of one element.
  public var size: Int {
    switch self {
    case .u8, .i8, .bool: 1
    case .f16, .bf16, .i16: 2
    case .f32, .i32: 4
    case .f64, .i64: 8
    }
  }

  public var isFloatingPoint: Bool {
    switch self {
    case .f16, .bf16, .f32, .f64: true
    default: false
    }
  }
}
