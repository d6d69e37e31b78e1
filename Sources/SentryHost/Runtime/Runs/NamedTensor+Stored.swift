import CSentryPlugin
import SentryFormats
import SentryPluginAPI

extension NamedTensor {
  /// The tensor as a file takes it: over the same memory where that is this process's, else copied by the model.
  package func stored(through model: ImportedModel) throws -> StoredTensor {
    let source = try model.read(self)
    return try StoredTensor(
      dtype: SentryFormats.DType(value.dtype), shape: source.shape,
      borrowing: UnsafeRawBufferPointer(start: source.data, count: source.byteCount), owner: source)
  }

  /// Takes the values of a stored tensor of the same shape, from whatever type of numbers holds them: halves and doubles
  /// become floats, integers of one width those of another. A single value may have any number of axes.
  ///
  /// - Parameter file: where the tensor is from, for errors.
  package func take(_ stored: StoredTensor, through model: ImportedModel, file: String) throws {
    guard stored.shape == value.shape || (stored.count == 1 && value.count == 1) else {
      throw PluginError.invalid(
        "\(file): \(name) has the shape \(stored.shape), but the model's tensor has \(value.shape)",
        hint: "the file belongs to a model with other sizes or another number of classes")
    }
    let converted: StoredTensor
    switch (SentryPluginAPI.DType(stored.dtype), value.dtype) {
    case (let same, let wanted) where same == wanted: converted = stored
    case (_, .float32) where stored.dtype.isFloatingPoint:
      converted = try StoredTensor(stored.floats(), shape: value.shape)
    case (_, .int64) where !stored.dtype.isFloatingPoint:
      converted = try StoredTensor(stored.integers().map(Int64.init), shape: value.shape)
    default:
      throw PluginError.invalid(
        "\(file): \(name) is \(stored.dtype), but the model's tensor is \(value.dtype)", hint: "convert it first")
    }
    try restore(from: converted, through: model)
  }

  /// Takes the values of a stored tensor of the same type and shape.
  package func restore(from stored: StoredTensor, through model: ImportedModel) throws {
    let isHere = value.deviceType == SENTRY_DEVICE_CPU
    let target = isHere ? value : Tensor(value.shape, value.dtype)
    try stored.copyBytes(into: UnsafeMutableRawBufferPointer(start: target.data, count: target.byteCount))
    if !isHere { try model.write(self, target) }
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
