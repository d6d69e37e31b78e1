/// CRC-32C (Castagnoli, RFC 3720), which records carry; zlib has only the other polynomial.
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
  }

  static func value(_ bytes: some Sequence<UInt8>) -> UInt32 {
    table.withUnsafeBufferPointer { table in
      ~bytes.reduce(~UInt32(0)) { value, byte in value >> 8 ^ table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] }
    }
  }

  /// As TFRecord stores it, so that a checksum of bytes that hold checksums stays a good one.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let value = value(bytes)
    return (value >> 15 | value << 17) &+ 0xA282_EAD8
  }
}
