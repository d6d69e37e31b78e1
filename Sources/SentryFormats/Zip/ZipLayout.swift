/// Signatures and sizes of zip's records (PKWARE APPNOTE 6.3).
enum ZipLayout {
  static let localHeader: UInt32 = 0x0403_4B50
  static let dataDescriptor: UInt32 = 0x0807_4B50
  static let directoryHeader: UInt32 = 0x0201_4B50
  static let end: UInt32 = 0x0605_4B50
  static let zip64End: UInt32 = 0x0606_4B50
  static let zip64Locator: UInt32 = 0x0706_4B50

  /// The number of the compression method.
  static let deflate = 8

  static let localHeaderSize = 30
  static let directoryHeaderSize = 46
  static let endSize = 22
  static let zip64EndSize = 56
  static let zip64LocatorSize = 20

  static let zip64ExtraID: UInt16 = 0x0001
  /// miniz, as PyTorch uses it, fills up with an extra field of this name, so that data start at multiples of 64.
  static let paddingExtraID: UInt16 = 0x4246
}

/// Little-endian numbers in bytes from a file; nil beyond the end.
struct LittleEndian {
  let bytes: [UInt8]

  func number<Number: FixedWidthInteger>(at offset: Int, _: Number.Type) -> Number? {
    guard offset >= 0, offset <= bytes.count - MemoryLayout<Number>.size else { return nil }
    var value: Number = 0
    for index in 0..<MemoryLayout<Number>.size {
      value |= Number(truncatingIfNeeded: bytes[offset + index]) << (8 * index)
    }
    return value
  }

  func u16(_ offset: Int) -> Int? { number(at: offset, UInt16.self).map(Int.init) }
  func u32(_ offset: Int) -> Int? { number(at: offset, UInt32.self).map(Int.init) }
  /// Nil also for what no file can be as long as.
  func u64(_ offset: Int) -> Int? { number(at: offset, UInt64.self).flatMap(Int.init(exactly:)) }
}
