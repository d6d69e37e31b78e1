import COpenCVDrawing
import SentryImaging

/// Shapes on an RGB picture. Coordinates are in pixels; what lies outside is not drawn, and what is not finite neither.
extension Image {
  /// - Parameter thickness: of the outline; nil fills.
  public mutating func draw(
    rectangle left: Double, _ top: Double, width: Double, height: Double, _ colour: Colour, thickness: Int? = 2
  ) throws(ImagingError) {
    guard let left = pixel(left), let top = pixel(top), let width = pixel(width), let height = pixel(height),
      width > 0, height > 0
    else { return }
    try drawing { pixels, message, size in
      sentry_drawing_rectangle(
        pixels, left, top, left + width - 1, top + height - 1, colour.shim, Int32(clamping: thickness ?? -1), message,
        size)
    }
  }

  public mutating func draw(
    lineFrom start: (x: Double, y: Double), to end: (x: Double, y: Double), _ colour: Colour, thickness: Int = 2
  ) throws(ImagingError) {
    guard let x1 = pixel(start.x * 16), let y1 = pixel(start.y * 16), let x2 = pixel(end.x * 16), let y2 = pixel(end.y * 16)
    else { return }
    try drawing { pixels, message, size in
      sentry_drawing_line(pixels, x1, y1, x2, y2, colour.shim, Int32(clamping: thickness), message, size)
    }
  }

  /// A filled circle.
  public mutating func draw(
    pointAt place: (x: Double, y: Double), radius: Double, _ colour: Colour
  ) throws(ImagingError) {
    guard let x = pixel(place.x * 16), let y = pixel(place.y * 16), let radius = pixel(radius * 16), radius > 0 else {
      return
    }
    try drawing { pixels, message, size in
      sentry_drawing_circle(pixels, x, y, radius, colour.shim, message, size)
    }
  }

  /// OpenCV computes with 32 bits.
  private func pixel(_ value: Double) -> Int32? {
    value.isFinite && abs(value) < 1e7 ? Int32(value.rounded()) : nil
  }
}

extension Image {
  /// One call of the shim on this picture's pixels.
  mutating func drawing(
    _ call: (sentry_drawing_pixels, UnsafeMutablePointer<CChar>, Int) -> Int32
  ) throws(ImagingError) {
    guard channels == 3 else {
      throw ImagingError(.invalidArgument, reason: "drawing on a grey picture", hint: "make it RGB first")
    }
    let (width, height) = (Int32(width), Int32(height))
    try withMutablePixels("drawing") { base, message, size in
      call(sentry_drawing_pixels(data: base, width: width, height: height), message, size)
    }
  }
}

extension Colour {
  var shim: sentry_drawing_colour { sentry_drawing_colour(red: red, green: green, blue: blue) }
}
