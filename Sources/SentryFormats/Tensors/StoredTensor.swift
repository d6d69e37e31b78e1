/// A tensor as it lies in a file: type, shape and row-major contiguous little-endian bytes.
///
/// The bytes are an array of its own, memory that belongs to someone else, or a part of an open file that is read when
/// it is asked for: reading a checkpoint takes no memory for its weights until they are copied to their place.
public struct StoredTensor: Sendable {
  enum Contents: Sendable {
    case owned([UInt8])
    case borrowed(BorrowedBytes)
    case file(FileRegion)
  }

  public let dtype: DType
  /// Extents, outermost first; empty for a scalar.
  public let shape: [Int]
  /// Number of elements.
  public let count: Int
  let contents: Contents

  /// Number of bytes.
  public var byteCount: Int { count * dtype.size }

  /// Wraps `bytes`, which must be `shape`'s product times the element's size. Throws ``FormatError`` (`invalidValue`).
  public init(dtype: DType, shape: [Int], bytes: [UInt8]) throws {
    try self.init(dtype: dtype, shape: shape, contents: .owned(bytes), byteCount: bytes.count)
  }

  /// Wraps memory without copying. `owner` is held as long as the tensor is and must keep the memory valid and
  /// unchanged while the tensor is read or written. Throws ``FormatError`` (`invalidValue`) where the sizes disagree.
  public init(
    dtype: DType, shape: [Int], borrowing bytes: UnsafeRawBufferPointer, owner: any AnyObject & Sendable
  ) throws {
    let borrowed = BorrowedBytes(bytes: bytes, owner: owner)
    try self.init(dtype: dtype, shape: shape, contents: .borrowed(borrowed), byteCount: bytes.count)
  }

  init(dtype: DType, shape: [Int], contents: Contents, byteCount: Int) throws {
    guard let count = Self.elementCount(shape), let expected = Self.product(count, dtype.size), expected == byteCount
    else {
      throw FormatError(
        .invalidValue, file: "", "\(byteCount) bytes do not make a tensor of shape \(shape) and type \(dtype)")
    }
    self.dtype = dtype
    self.shape = shape
    self.count = count
    self.contents = contents
  }

  /// Product of the extents; nil for a negative extent or where it does not fit an Int.
  static func elementCount(_ shape: [Int]) -> Int? {
    guard shape.allSatisfy({ $0 >= 0 }) else { return nil }
    if shape.contains(0) { return 0 }
    var count = 1
    for extent in shape {
      guard let next = product(count, extent) else { return nil }
      count = next
    }
    return count
  }

  static func product(_ a: Int, _ b: Int) -> Int? {
    let (result, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? nil : result
  }
}

/// Memory of another's, with what keeps it alive.
struct BorrowedBytes: @unchecked Sendable {
  // Unchecked: the memory is only read, and the owner has promised not to change it meanwhile.
  let bytes: UnsafeRawBufferPointer
  let owner: any AnyObject & Sendable
}
