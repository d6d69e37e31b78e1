/// PNG files without compression.
public enum PNG {
  public static func grey(_ width: Int, _ height: Int, _ level: (_ x: Int, _ y: Int) -> UInt8) -> [UInt8] {
    encoded(width, height, colourType: 0) { [level($0, $1)] }
  }

  /// - Parameters:
  ///   - colourType: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha.
  ///   - depth: bits of a value, 8 or 16.
  ///   - chunks: between IHDR and IDAT, by type.
  ///   - pixel: its bytes.
  public static func encoded(
    _ width: Int, _ height: Int, colourType: UInt8, depth: UInt8 = 8, chunks: [(type: String, data: [UInt8])] = [],
    _ pixel: (_ x: Int, _ y: Int) -> [UInt8]
  ) -> [UInt8] {
    var raw: [UInt8] = []
    for y in 0..<height {
      raw.append(0)
      for x in 0..<width { raw += pixel(x, y) }
    }
    let length = UInt16(raw.count)
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in raw {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    let stored: [UInt8] =
      [0x78, 0x01, 0x01, UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8)]
      + raw + big(b << 16 | a)
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", big(UInt32(width)) + big(UInt32(height)) + [depth, colourType, 0, 0, 0])
      + chunks.flatMap { chunk($0.type, $0.data) } + chunk("IDAT", stored)
      + chunk("IEND", [])
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in body {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return big(UInt32(data.count)) + body + big(~crc)
  }

  private static func big(_ value: UInt32) -> [UInt8] {
    [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
  }
}
