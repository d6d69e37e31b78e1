import COpenCVDrawing
import SentryImaging

extension Canvas {
  /// - Parameter thickness: of the outline; nil fills.
  public func rectangle(
    _ left: Double, _ top: Double, width: Double, height: Double, _ colour: Colour, thickness: Int? = 2
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

  public func line(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), _ colour: Colour, thickness: Int = 2
  ) throws(ImagingError) {
    guard let x1 = pixel(start.x * 16), let y1 = pixel(start.y * 16), let x2 = pixel(end.x * 16),
      let y2 = pixel(end.y * 16)
    else { return }
    try drawing { pixels, message, size in
      sentry_drawing_line(pixels, x1, y1, x2, y2, colour.shim, Int32(clamping: thickness), message, size)
    }
  }

  /// A filled circle.
  public func point(_ place: (x: Double, y: Double), radius: Double, _ colour: Colour) throws(ImagingError) {
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
