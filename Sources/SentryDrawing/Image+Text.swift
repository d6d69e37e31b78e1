import COpenCVDrawing
import SentryImaging

/// The room of a line of text in pixels.
public struct TextSize: Equatable, Sendable {
  public var width: Int
  /// How far it reaches above and below its baseline.
  public var above, below: Int
}

extension Image {
  /// - Parameter size: the height of the font in pixels.
  /// - Throws: ``ImagingError`` where no font is installed.
  public static func size(of text: String, size: Int) throws(ImagingError) -> TextSize {
    guard let text = TextLine(text) else { return TextSize(width: 0, above: 0, below: 0) }
    var (width, above, below): (Int32, Int32, Int32) = (0, 0, 0)
    try ImagingError.check("text cannot be drawn", hint: TextLine.hint) { message, count in
      sentry_drawing_text_size(text.text, TextLine.clamped(size), &width, &above, &below, message, count)
    }
    return TextSize(width: Int(width), above: Int(above), below: Int(below))
  }

  /// Draws one line in any script, with the font of the machine that has most of its characters.
  /// - Parameters:
  ///   - place: the left end of the baseline.
  ///   - size: the height of the font in pixels.
  /// - Throws: ``ImagingError`` where no font is installed.
  public mutating func draw(
    text: String, at place: (x: Int, y: Int), size: Int, _ colour: Colour
  ) throws(ImagingError) {
    guard let text = TextLine(text) else { return }
    try drawing { pixels, message, count in
      sentry_drawing_text(
        pixels, text.text, Int32(clamping: place.x), Int32(clamping: place.y), TextLine.clamped(size), colour.shim,
        message, count)
    }
  }

  /// A line on a ground of its own, moved so that it lies inside the picture where it fits.
  /// - Parameter corner: the ground's upper left.
  /// - Returns: the ground's height.
  @discardableResult
  public mutating func draw(
    label text: String, at corner: (x: Int, y: Int), size: Int, _ colour: Colour = .black, on ground: Colour = .white
  ) throws(ImagingError) -> Int {
    let room = try Image.size(of: text, size: size)
    let margin = max(1, size / 6)
    let (width, height) = (room.width + 2 * margin, size + 2 * margin)
    let left = max(0, min(corner.x, self.width - width))
    let top = max(0, min(corner.y, self.height - height))
    try draw(rectangle: Double(left), Double(top), width: Double(width), height: Double(height), ground, thickness: nil)
    try draw(text: text, at: (left + margin, top + margin + size * 4 / 5), size: size, colour)
    return height
  }
}

/// A text as one line that can be drawn: without control characters, not longer than a screen.
private struct TextLine {
  let text: String

  /// nil where nothing is to be seen of it.
  init?(_ text: String) {
    let visible = text.unicodeScalars.prefix(Self.limit).map { scalar in
      scalar.properties.generalCategory == .control ? " " : scalar
    }
    var line = ""
    line.unicodeScalars.append(contentsOf: visible)
    guard line.contains(where: { $0 != " " }) else { return nil }
    self.text = line
  }

  private static let limit = 500
  static let hint = "install a font: apt-get install fonts-dejavu-core fonts-wqy-microhei"
  static func clamped(_ size: Int) -> Int32 { Int32(max(4, min(size, 500))) }
}
