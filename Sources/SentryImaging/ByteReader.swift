/// Reads numbers from untrusted bytes; past the end it throws instead of trapping.
struct ByteReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let format: ImageHeader.Format
  private(set) var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, format: ImageHeader.Format) {
    self.bytes = bytes
    self.format = format
  }

  var count: Int { bytes.count }

  func truncated() -> ImagingError {
    ImagingError(
      .truncated, reason: "the \(format.rawValue) data end after \(bytes.count) bytes, before the image does",
      hint: "the file was cut off: fetch it again or remove it")
  }

  func damaged(_ what: String) -> ImagingError {
    ImagingError(
      .damagedHeader, reason: "damaged \(format.rawValue) header: \(what)", hint: "replace or remove the file")
  }

  mutating func skip(_ count: Int) throws(ImagingError) {
    guard count >= 0, count <= bytes.count - position else { throw truncated() }
    position += count
  }

  mutating func byte() throws(ImagingError) -> Int {
    guard position < bytes.count else { throw truncated() }
    defer { position += 1 }
    return Int(bytes[position])
  }

  mutating func bigEndian(_ count: Int) throws(ImagingError) -> Int {
    var value = 0
    for _ in 0..<count { value = value << 8 | (try byte()) }
    return value
  }

  mutating func littleEndian(_ count: Int) throws(ImagingError) -> Int {
    var value = 0
    for index in 0..<count { value |= try byte() << (8 * index) }
    return value
  }

  /// Moves behind the next byte 0xFF.
  mutating func skipBehindFF() throws(ImagingError) {
    guard let next = bytes[position...].firstIndex(of: 0xFF) else { throw truncated() }
    position = next + 1
  }
}
