import CSentryPlugin
import SentryFormats
import SentryPluginAPI

extension NamedTensor {
  /// The tensor as a file takes it: over the same memory where that is this process's, else copied by the model.
  package func stored(through model: ImportedModel) throws -> StoredTensor {
    var source = value
    if value.deviceType != SENTRY_DEVICE_CPU {
      source = Tensor(value.shape, value.dtype)
      try model.transfer(name, source, write: false)
    }
    return try StoredTensor(
      dtype: SentryFormats.DType(value.dtype), shape: source.shape,
      borrowing: UnsafeRawBufferPointer(start: source.data, count: source.byteCount), owner: source)
  }

  /// Takes the values of a stored tensor of the same type and shape.
  package func restore(from stored: StoredTensor, through model: ImportedModel) throws {
    let isHere = value.deviceType == SENTRY_DEVICE_CPU
    let target = isHere ? value : Tensor(value.shape, value.dtype)
    try stored.copyBytes(into: UnsafeMutableRawBufferPointer(start: target.data, count: target.byteCount))
    if !isHere { try model.transfer(name, target, write: true) }
  }
}

extension SentryFormats.DType {
  package init(_ dtype: SentryPluginAPI.DType) {
    switch dtype {
    case .float16: self = .f16
    case .bfloat16: self = .bf16
    case .float32: self = .f32
    case .float64: self = .f64
    case .uint8: self = .u8
    case .int8: self = .i8
    case .int16: self = .i16
    case .int32: self = .i32
    case .int64: self = .i64
    }
  }
}

extension SentryPluginAPI.DType {
  package init?(_ dtype: SentryFormats.DType) {
    guard let match = Self.allCases.first(where: { SentryFormats.DType($0) == dtype }) else { return nil }
    self = match
  }
}
