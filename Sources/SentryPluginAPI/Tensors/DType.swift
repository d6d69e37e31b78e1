import CSentryPlugin

/// The element types that Sentry's own components exchange.
public enum DType: String, Codable, Sendable, CaseIterable {
  case float32, float64, float16, bfloat16, uint8, int8, int16, int32, int64

  /// The size of one element in bytes.
  public var size: Int {
    switch self {
    case .uint8, .int8: 1
    case .float16, .bfloat16, .int16: 2
    case .float32, .int32: 4
    case .float64, .int64: 8
    }
  }

  var border: sentry_dtype { sentry_dtype(code: code, bits: UInt8(size * 8), lanes: 1) }

  init?(_ border: sentry_dtype) {
    guard border.lanes == 1,
      let match = DType.allCases.first(where: { $0.code == border.code && $0.size * 8 == Int(border.bits) })
    else { return nil }
    self = match
  }

  private var code: UInt8 {
    switch self {
    case .float16, .float32, .float64: UInt8(SENTRY_DTYPE_FLOAT)
    case .bfloat16: UInt8(SENTRY_DTYPE_BFLOAT)
    case .uint8: UInt8(SENTRY_DTYPE_UINT)
    case .int8, .int16, .int32, .int64: UInt8(SENTRY_DTYPE_INT)
    }
  }
}

/// A type that a ``Tensor`` can hold.
public protocol TensorElement: BitwiseCopyable, Sendable { static var dtype: DType { get } }
extension Float: TensorElement { public static var dtype: DType { .float32 } }
extension Double: TensorElement { public static var dtype: DType { .float64 } }
extension UInt8: TensorElement { public static var dtype: DType { .uint8 } }
extension Int32: TensorElement { public static var dtype: DType { .int32 } }
extension Int64: TensorElement { public static var dtype: DType { .int64 } }
