/// How an element lies in an `.npy` file.
struct NPYElement {
  let size: Int
  private let dtype: DType
  /// Unsigned types without a counterpart are widened.
  private let isWidened: Bool
  private let isBigEndian: Bool

  /// Nil for a type that is not read. `type` is NumPy's: byte order (`<`, `>`, `|`), kind, bytes.
  init?(_ type: String) {
    let parts = Array(type.utf8)
    guard parts.count == 3, let order = parts.first, [0x3C, 0x3E, 0x7C].contains(order),
      let (dtype, size) = Self.known[String(type.dropFirst())]
    else { return nil }
    // One byte has no order, and more have one.
    guard size == 1 || order != UInt8(ascii: "|") else { return nil }
    self.dtype = dtype
    self.size = size
    isWidened = dtype.size != size
    isBigEndian = order == UInt8(ascii: ">")
  }

  private static let known: [String: (DType, size: Int)] = [
    "f2": (.f16, 2), "f4": (.f32, 4), "f8": (.f64, 8), "i1": (.i8, 1), "i2": (.i16, 2), "i4": (.i32, 4),
    "i8": (.i64, 8), "u1": (.u8, 1), "b1": (.bool, 1), "u2": (.i32, 2), "u4": (.i64, 4),
  ]

  /// NumPy's name of the type; nil where it has none.
  static func type(of dtype: DType) -> String? {
    switch dtype {
    case .f16: "<f2"
    case .bf16: nil
    case .f32: "<f4"
    case .f64: "<f8"
    case .u8: "|u1"
    case .i8: "|i1"
    case .i16: "<i2"
    case .i32: "<i4"
    case .i64: "<i8"
    case .bool: "|b1"
    }
  }

  /// Row-major, little-endian and of a shared type. `bytes` has what `header` says.
  func tensor(_ bytes: [UInt8], _ header: NPYHeader) throws -> StoredTensor {
    if !isWidened, size == 1 || !isBigEndian, !header.isFortranOrder || header.shape.count < 2 {
      return try StoredTensor(dtype: dtype, shape: header.shape, bytes: bytes)
    }
    let count = bytes.count / size
    let step = dtype.size
    var target = [UInt8](repeating: 0, count: count * step)
    var walk = FortranWalk(shape: header.shape, isFortranOrder: header.isFortranOrder)
    for element in 0..<count {
      let source = walk.next() * size
      for byte in 0..<size {
        target[element * step + byte] = bytes[source + (isBigEndian ? size - 1 - byte : byte)]
      }
    }
    return try StoredTensor(dtype: dtype, shape: header.shape, bytes: target)
  }
}

/// Positions in the file of the elements in row-major order.
private struct FortranWalk {
  private let shape: [Int]
  private let strides: [Int]
  private var index: [Int]
  private var position = 0

  init(shape: [Int], isFortranOrder: Bool) {
    self.shape = shape
    index = [Int](repeating: 0, count: shape.count)
    var strides = [Int](repeating: 0, count: shape.count)
    var step = 1
    for axis in isFortranOrder ? Array(shape.indices) : shape.indices.reversed() {
      strides[axis] = step
      // Only an empty array has extents whose product is too large, and it has no elements to walk over.
      step = step.multipliedReportingOverflow(by: shape[axis]).partialValue
    }
    self.strides = strides
  }

  mutating func next() -> Int {
    let current = position
    for axis in shape.indices.reversed() {
      index[axis] += 1
      position += strides[axis]
      if index[axis] < shape[axis] { break }
      position -= shape[axis] * strides[axis]
      index[axis] = 0
    }
    return current
  }
}
