extension ImageHeader {
  /// Walks the chunks of a PNG file (W3C PNG, section 5) up to IEND. Their checksums are libpng's to verify.
  static func readPNG(_ start: ByteReader) throws(ImagingError) -> ImageHeader {
    var reader = start
    try reader.skip(8)
    guard try reader.bigEndian(4) == 13, try reader.bigEndian(4) == chunk("IHDR") else {
      throw reader.damaged("the first chunk is not IHDR")
    }
    let width = try reader.bigEndian(4)
    let height = try reader.bigEndian(4)
    _ = try reader.byte()
    let colourType = try reader.byte()
    try reader.skip(3 + 4)
    guard [0, 2, 3, 4, 6].contains(colourType) else { throw reader.damaged("colour type \(colourType)") }
    // 0 and 4 are grey, without and with alpha.
    let channels = colourType == 0 || colourType == 4 ? 1 : 3
    var hasAlpha = colourType == 4 || colourType == 6
    while true {
      let length = try reader.bigEndian(4)
      let type = try reader.bigEndian(4)
      try reader.skip(length)
      try reader.skip(4)
      // Transparent colours of a palette, or one of RGB; a grey level that is transparent is left as it is.
      if type == chunk("tRNS"), channels == 3 { hasAlpha = true }
      if type == chunk("IEND") {
        return try ImageHeader(format: .png, width: width, height: height, channels: channels, hasAlpha: hasAlpha)
      }
    }
  }

  private static func chunk(_ name: StaticString) -> Int {
    name.withUTF8Buffer { $0.reduce(0) { $0 << 8 | Int($1) } }
  }
}
