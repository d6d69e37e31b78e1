/// An 8-bit picture, grey or RGB, that owns its pixels.
///
/// Pixels lie row by row without gaps, the channels of one pixel side by side (height × width × channels).
public struct Image: Equatable, Sendable {
  public let width: Int
  public let height: Int
  /// 1 (grey) or 3 (red, green, blue).
  public let channels: Int
  /// height × width × channels values in 0…255.
  public internal(set) var pixels: [UInt8]

  /// - Throws: ``ImagingError`` with code `invalidArgument` where the sizes and the number of pixels disagree.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) throws(ImagingError) {
    try Image.check(width: width, height: height, channels: channels)
    guard pixels.count == width * height * channels else {
      throw .invalidArgument(
        "\(pixels.count) pixel values for an image of \(width)×\(height)×\(channels)",
        hint: "give width × height × channels values")
    }
    self.init(trusted: width, height, channels, pixels)
  }

  /// For values that are known to fit.
  init(trusted width: Int, _ height: Int, _ channels: Int, _ pixels: [UInt8]) {
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// OpenCV's warp addresses pixels by 16-bit coordinates; JPEG's own limit is 65,535 a side.
  static let longestSide = 65_535

  package static func check(width: Int, height: Int, channels: Int) throws(ImagingError) {
    guard (1...longestSide).contains(width), (1...longestSide).contains(height), channels == 1 || channels == 3 else {
      throw .invalidArgument(
        "an image cannot be \(width)×\(height) pixels with \(channels) channels",
        hint: "sides go from 1 to \(longestSide), channels are 1 (grey) or 3 (RGB)")
    }
  }
}

extension Image {
  /// Runs a call that reads or changes the pixels in place.
  public mutating func withPixels<Result>(
    _ body: (UnsafeMutablePointer<UInt8>) throws -> Result
  ) rethrows -> Result? {
    try pixels.withUnsafeMutableBufferPointer { buffer in try buffer.baseAddress.map(body) }
  }

  /// The mean over all values, in 0…255.
  public var mean: Double { Double(sum) / Double(pixels.count) }

  var sum: Int { pixels.reduce(into: 0) { $0 &+= Int($1) } }

  /// The part that starts at (`left`, `top`).
  ///
  /// - Throws: ``ImagingError`` with code `invalidArgument` where the part does not lie inside the image.
  public func cropped(left: Int, top: Int, width: Int, height: Int) throws(ImagingError) -> Image {
    try Image.check(width: width, height: height, channels: channels)
    guard left >= 0, top >= 0, left <= self.width - width, top <= self.height - height else {
      throw .invalidArgument(
        "a crop of \(width)×\(height) at (\(left), \(top)) does not lie inside \(self.width)×\(self.height)",
        hint: "correct the face box")
    }
    var part: [UInt8] = []
    part.reserveCapacity(width * height * channels)
    for row in top..<top + height {
      let start = (row * self.width + left) * channels
      part.append(contentsOf: pixels[start..<start + width * channels])
    }
    return Image(trusted: width, height, channels, part)
  }
}
