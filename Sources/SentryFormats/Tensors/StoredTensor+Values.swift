extension StoredTensor {
  /// A tensor of 32-bit floats. Throws ``FormatError`` (`invalidValue`) where the shape's product is another.
  public init(_ values: [Float], shape: [Int]) throws {
    try self.init(dtype: .f32, shape: shape, bytes: values.withUnsafeBytes { [UInt8]($0) })
  }

  /// A tensor of 64-bit floats. Throws ``FormatError`` (`invalidValue`) where the shape's product is another.
  public init(_ values: [Double], shape: [Int]) throws {
    try self.init(dtype: .f64, shape: shape, bytes: values.withUnsafeBytes { [UInt8]($0) })
  }

  /// A tensor of 64-bit integers. Throws ``FormatError`` (`invalidValue`) where the shape's product is another.
  public init(_ values: [Int64], shape: [Int]) throws {
    try self.init(dtype: .i64, shape: shape, bytes: values.withUnsafeBytes { [UInt8]($0) })
  }

  /// All elements as 32-bit floats, rounded to nearest where they do not fit; booleans as 0 and 1.
  /// Throws ``FormatError`` where the file cannot be read.
  public func floats() throws -> [Float] {
    try [Float](unsafeUninitializedCapacity: count) { buffer, initialised in
      try copyFloats(into: UnsafeMutableBufferPointer(start: buffer.baseAddress, count: count))
      initialised = count
    }
  }

  /// The element at `index` in row-major order where this type holds more than a 32-bit float does; nil for other types.
  /// Throws ``FormatError``.
  public func double(at index: Int) throws -> Double? {
    guard dtype == .f64, (0..<count).contains(index) else { return nil }
    var (start, value) = (0, Double?.none)
    try forEachChunk { bytes in
      let place = index * dtype.size - start
      if place >= 0, place + dtype.size <= bytes.count {
        value = bytes.loadUnaligned(fromByteOffset: place, as: Double.self)
      }
      start += bytes.count
    }
    return value
  }

  /// Writes all elements as 32-bit floats to `target`, which must have exactly ``count`` of them.
  /// Throws ``FormatError``.
  public func copyFloats(into target: UnsafeMutableBufferPointer<Float>) throws {
    guard target.count == count else {
      throw FormatError(
        .invalidValue, file: "", "a tensor of \(count) elements cannot be copied to memory for \(target.count)")
    }
    if dtype == .f32 { return try copyBytes(into: UnsafeMutableRawBufferPointer(target)) }
    var start = 0
    try forEachChunk { bytes in
      let elements = bytes.count / dtype.size
      let part = UnsafeMutableBufferPointer(rebasing: target[start..<start + elements])
      convert(bytes, to: part)
      start += elements
    }
  }

  private func convert(_ bytes: UnsafeRawBufferPointer, to target: UnsafeMutableBufferPointer<Float>) {
    func fill<Element: BitwiseCopyable>(_: Element.Type, _ convert: (Element) -> Float) {
      for index in target.indices {
        let element = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Element>.size, as: Element.self)
        target[index] = convert(element)
      }
    }
    switch dtype {
    case .f16: fill(UInt16.self, HalfPrecision.float)
    case .bf16: fill(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case .f32: fill(Float.self) { $0 }
    case .f64: fill(Double.self) { Float($0) }
    case .u8: fill(UInt8.self) { Float($0) }
    case .i8: fill(Int8.self) { Float($0) }
    case .i16: fill(Int16.self) { Float($0) }
    case .i32: fill(Int32.self) { Float($0) }
    case .i64: fill(Int64.self) { Float($0) }
    case .bool: fill(UInt8.self) { $0 == 0 ? 0 : 1 }
    }
  }

  /// All elements of an integer or boolean tensor. Throws ``FormatError``: `invalidValue` for floating point, which
  /// is not rounded here.
  public func integers() throws -> [Int] {
    guard !dtype.isFloatingPoint else {
      throw FormatError(.invalidValue, file: "", "a tensor of type \(dtype) holds no integers")
    }
    return try withUnsafeBytes { bytes in
      func all<Element: FixedWidthInteger & BitwiseCopyable>(_: Element.Type) -> [Int] {
        (0..<count).map {
          Int(bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Element>.size, as: Element.self))
        }
      }
      switch dtype {
      case .i8: return all(Int8.self)
      case .i16: return all(Int16.self)
      case .i32: return all(Int32.self)
      case .i64: return all(Int64.self)
      default: return all(UInt8.self)
      }
    }
  }
}
