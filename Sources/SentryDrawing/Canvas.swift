import COpenCVDrawing
import SentryImaging

/// RGB pixels to draw on, which belong to someone else.
///
/// Coordinates are in pixels; what lies outside is not drawn, and what is not finite neither.
public struct Canvas {
  public let width: Int
  public let height: Int
  private let pixels: sentry_drawing_pixels

  /// - Parameter pixels: height × width × 3 values without gaps, valid as long as the canvas is used.
  /// - Throws: ``ImagingError`` with code `invalidArgument` for a size that no picture has.
  public init(_ pixels: UnsafeMutablePointer<UInt8>, width: Int, height: Int) throws(ImagingError) {
    try Image.check(width: width, height: height, channels: 3)
    (self.width, self.height) = (width, height)
    self.pixels = sentry_drawing_pixels(data: pixels, width: Int32(width), height: Int32(height))
  }

  /// One call of the shim.
  func drawing(
    hint: String = "check the arguments",
    _ call: (sentry_drawing_pixels, UnsafeMutablePointer<CChar>, Int) -> Int32
  ) throws(ImagingError) {
    try ImagingError.check("drawing failed", hint: hint) { message, size in call(pixels, message, size) }
  }
}

/// Of a shape or text.
public struct Colour: Equatable, Sendable {
  public var red, green, blue: UInt8

  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) { (self.red, self.green, self.blue) = (red, green, blue) }

  public static let white = Colour(255, 255, 255)
  public static let black = Colour(0, 0, 0)
  /// Under texts and bars.
  public static let ground = Colour(32, 32, 32)

  var shim: sentry_drawing_colour { sentry_drawing_colour(red: red, green: green, blue: blue) }
}
