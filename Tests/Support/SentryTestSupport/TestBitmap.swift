/// Image files that need no encoder.
public enum TestBitmap {
  /// A BMP file of 24 bits a pixel.
  /// - Parameters:
  ///   - side: in pixels, a multiple of 4, so that rows need no padding.
  ///   - value: of a pixel (counted from the last row up) and a channel, blue first.
  public static func bytes(side: Int, value: (_ pixel: Int, _ channel: Int) -> UInt8) -> [UInt8] {
    func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    var file = Array("BM".utf8)
    file += little(54 + 3 * side * side)
    file += little(0)
    file += little(54)
    file += little(40)
    file += little(side)
    file += little(side)
    // One plane, 24 bits.
    file += [1, 0, 24, 0]
    file += [UInt8](repeating: 0, count: 24)
    for pixel in 0..<side * side {
      for channel in 0..<3 { file.append(value(pixel, channel)) }
    }
    return file
  }
}
