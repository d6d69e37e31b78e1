import COpenCV
import Glibc

/// RGB pixels that belong to someone else, read without a copy.
public struct BorrowedPixels {
  public let width: Int
  public let height: Int
  let pixels: sentry_cv_pixels

  /// - Parameter pixels: height × width × 3 values without gaps, valid as long as the view is used. They are only read.
  /// - Throws: ``ImagingError`` with code `invalidArgument` for a size that no picture has.
  public init(_ pixels: UnsafeMutablePointer<UInt8>, width: Int, height: Int) throws(ImagingError) {
    try Image.check(width: width, height: height, channels: 3)
    (self.width, self.height) = (width, height)
    self.pixels = sentry_cv_pixels(data: pixels, width: Int32(width), height: Int32(height), channels: 3)
  }
}

extension BorrowedPixels {
  /// The bytes of a JPEG file of the picture.
  /// - Parameter quality: 0…100.
  /// - Throws: ``ImagingError``
  public func jpeg(quality: Int = 85) throws(ImagingError) -> [UInt8] {
    var result: [UInt8] = []
    let status = OpenCVStatus { message, size in
      withUnsafeMutablePointer(to: &result) {
        sentry_cv_encode_jpeg(
          pixels, Int32(clamping: quality),
          { user, bytes, count in
            user?.assumingMemoryBound(to: [UInt8].self).pointee = [UInt8](
              UnsafeBufferPointer(start: bytes, count: count))
          }, $0, message, size)
      }
    }
    try status.check("a JPEG of a \(width)×\(height) image cannot be made", hint: "the quality goes from 0 to 100")
    return result
  }

  /// Cuts a rectangle out and turns it upright, bilinear; beyond the picture its edge goes on.
  /// - Parameters:
  ///   - centre: in pixels, (0, 0) being the picture's upper left corner.
  ///   - rotation: radians, clockwise.
  ///   - target: room for height × width × 3 values.
  public func cut(
    centre: (x: Double, y: Double), width: Int, height: Int, rotation: Double, into target: UnsafeMutablePointer<UInt8>
  ) throws(ImagingError) {
    let result = try BorrowedPixels(target, width: width, height: height)
    guard centre.x.isFinite, centre.y.isFinite, rotation.isFinite else {
      throw .invalidArgument("a rectangle at (\(centre.x), \(centre.y))", hint: "give finite numbers")
    }
    let (sine, cosine) = (sin(rotation), cos(rotation))
    // From the middle of a pixel to the middle of a pixel.
    let (x, y) = (0.5 - Double(width) / 2, 0.5 - Double(height) / 2)
    let map = [
      cosine, -sine, cosine * x - sine * y + centre.x - 0.5,
      sine, cosine, sine * x + cosine * y + centre.y - 0.5,
    ]
    try ImagingError.check("a rectangle cannot be cut out", hint: "check its size") { message, size in
      sentry_cv_cut(pixels, result.pixels, map, message, size)
    }
  }
}
