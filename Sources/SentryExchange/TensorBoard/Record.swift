/// TFRecord's frame: the length, its checksum, the payload, its checksum; all little-endian.
enum Record {
  static func framed(_ payload: [UInt8]) -> [UInt8] {
    let length = bytes(UInt64(payload.count))
    return length + bytes(CRC32C.masked(length)) + payload + bytes(CRC32C.masked(payload))
  }

  private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}
