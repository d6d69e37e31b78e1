extension ImageHeader {
  /// libjpeg-turbo's own fuzzers found that a small file of thousands of scans keeps the decoder busy for minutes; it
  /// advises this limit. Real progressive files have about ten.
  private static let scanLimit = 500

  /// Walks the segments of ITU-T T.81 (annex B) up to the end-of-image marker.
  static func readJPEG(_ start: ByteReader) throws(ImagingError) -> ImageHeader {
    var reader = start
    try reader.skip(2)
    var header: ImageHeader?
    var scans = 0
    var marker = try nextMarker(&reader)
    while true {
      switch marker {
      case 0xD9:
        guard let header, scans > 0 else { throw reader.damaged("no image before the end-of-image marker") }
        return header
      case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
        guard header == nil else { throw reader.damaged("two frames in one image") }
        header = try readJPEGFrame(&reader)
        marker = try nextMarker(&reader)
      case 0xDA:
        scans += 1
        guard header != nil else { throw reader.damaged("a scan before its frame") }
        guard scans <= scanLimit else { throw reader.damaged("more than \(scanLimit) scans") }
        try skipSegment(&reader)
        marker = try markerBehindScan(&reader)
      case 0x01, 0xD0...0xD7:
        marker = try nextMarker(&reader)
      case 0xD8:
        throw reader.damaged("an image inside the image")
      default:
        try skipSegment(&reader)
        marker = try nextMarker(&reader)
      }
    }
  }

  private static func readJPEGFrame(_ reader: inout ByteReader) throws(ImagingError) -> ImageHeader {
    var frame = reader
    try skipSegment(&reader)
    try frame.skip(2)
    let precision = try frame.byte()
    let height = try frame.bigEndian(2)
    let width = try frame.bigEndian(2)
    let components = try frame.byte()
    guard precision == 8 else { throw reader.damaged("\(precision) bits a sample; only 8 are read") }
    guard [1, 3, 4].contains(components) else { throw reader.damaged("\(components) colour components") }
    return try ImageHeader(format: .jpeg, width: width, height: height, channels: components == 1 ? 1 : 3)
  }

  private static func skipSegment(_ reader: inout ByteReader) throws(ImagingError) {
    let length = try reader.bigEndian(2)
    guard length >= 2 else { throw reader.damaged("a segment of \(length) bytes") }
    try reader.skip(length - 2)
  }

  /// The marker that follows a segment. Decoders pass over garbage in between, and so does this.
  private static func nextMarker(_ reader: inout ByteReader) throws(ImagingError) -> Int {
    while true {
      try reader.skipBehindFF()
      var marker = try reader.byte()
      while marker == 0xFF { marker = try reader.byte() }
      if marker != 0 { return marker }
    }
  }

  /// The marker that ends entropy-coded data, in which 0xFF is followed by 0 or is a restart marker.
  private static func markerBehindScan(_ reader: inout ByteReader) throws(ImagingError) -> Int {
    while true {
      let marker = try nextMarker(&reader)
      if !(0xD0...0xD7).contains(marker) { return marker }
    }
  }
}
