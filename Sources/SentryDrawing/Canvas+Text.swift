import COpenCVDrawing
import SentryImaging

extension Canvas {
  /// How wide a line is in pixels.
  /// - Parameter size: the height of the font in pixels.
  /// - Throws: ``ImagingError`` where no font is installed.
  public static func width(of text: String, size: Int) throws(ImagingError) -> Int {
    guard let line = line(text) else { return 0 }
    var (width, above, below): (Int32, Int32, Int32) = (0, 0, 0)
    try ImagingError.check("text cannot be drawn", hint: hint) { message, count in
      sentry_drawing_text_size(line, fontSize(size), &width, &above, &below, message, count)
    }
    return Int(width)
  }

  /// Draws one line in any script, with the font of the machine that has most of its characters.
  /// - Parameters:
  ///   - place: the left end of the baseline.
  ///   - size: the height of the font in pixels.
  /// - Throws: ``ImagingError`` where no font is installed.
  public func text(_ text: String, at place: (x: Int, y: Int), size: Int, _ colour: Colour) throws(ImagingError) {
    guard let line = Self.line(text) else { return }
    try drawing(hint: Self.hint) { pixels, message, count in
      sentry_drawing_text(
        pixels, line, Int32(clamping: place.x), Int32(clamping: place.y), Self.fontSize(size), colour.shim, message,
        count)
    }
  }

  /// A line on a ground of its own, moved so that it lies inside the picture where it fits.
  /// - Parameter corner: the ground's upper left.
  public func label(
    _ text: String, at corner: (x: Int, y: Int), size: Int, _ colour: Colour, on ground: Colour = .ground
  ) throws(ImagingError) {
    let margin = max(1, size / 6)
    let (width, height) = (try Self.width(of: text, size: size) + 2 * margin, size + 2 * margin)
    let left = max(0, min(corner.x, self.width - width))
    let top = max(0, min(corner.y, self.height - height))
    try rectangle(Double(left), Double(top), width: Double(width), height: Double(height), ground, thickness: nil)
    try self.text(text, at: (left + margin, top + margin + Self.baseline(size)), size: size, colour)
  }

  /// How far the baseline lies below the top of a line.
  static func baseline(_ size: Int) -> Int { size * 4 / 5 }

  /// A text as one line without control characters, not longer than a screen; nil where nothing is to be seen of it.
  private static func line(_ text: String) -> String? {
    var line = ""
    for scalar in text.unicodeScalars.prefix(500) {
      line.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
    }
    return line.contains { $0 != " " } ? line : nil
  }

  private static func fontSize(_ size: Int) -> Int32 { Int32(max(4, min(size, 500))) }
  private static let hint = "install a font: apt-get install fonts-dejavu-core fonts-wqy-microhei"
}
