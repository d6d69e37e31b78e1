extension ImageHeader {
  /// Reads the file header and the BITMAPINFOHEADER (or a later form of it).
  static func readBMP(_ start: ByteReader) throws(ImagingError) -> ImageHeader {
    var reader = start
    try reader.skip(10)
    let dataOffset = try reader.littleEndian(4)
    let headerSize = try reader.littleEndian(4)
    guard headerSize >= 40 else { throw reader.damaged("a header of \(headerSize) bytes") }
    let width = Int(Int32(truncatingIfNeeded: try reader.littleEndian(4)))
    // A negative height says that rows go from top to bottom.
    let height = abs(Int(Int32(truncatingIfNeeded: try reader.littleEndian(4))))
    try reader.skip(2)
    let bits = try reader.littleEndian(2)
    let compression = try reader.littleEndian(4)
    guard [1, 4, 8, 16, 24, 32].contains(bits) else { throw reader.damaged("\(bits) bits a pixel") }
    let header = try ImageHeader(format: .bmp, width: width, height: height, channels: 3)
    if compression == 0 || compression == 3 {
      let rowBytes = (width * bits + 31) / 32 * 4
      guard dataOffset <= reader.count, rowBytes * height <= reader.count - dataOffset else { throw reader.truncated() }
    }
    return header
  }
}
