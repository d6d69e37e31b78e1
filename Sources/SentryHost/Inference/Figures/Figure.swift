/// A picture as data: a gnuplot script for either theme, and the files that it reads.
package struct Figure: Sendable {
  /// Of its files, without the ending.
  package var name: String
  /// One sentence, for readers who do not see it.
  package var title: String
  /// In pixels of a screen at 96 dots an inch.
  package var width, height: Int
  /// What it shows is made of pixels: an SVG would only wrap them.
  var isRaster = false
  /// The same in a column, for a narrow page; nil where it fits one.
  var narrow: (@Sendable () -> Figure)?
  /// Binary files that the script reads, by the name that it uses.
  package var files: [String: [UInt8]] = [:]
  /// The script but for terminal and output.
  package var script: @Sendable (FigureTheme) -> FigureScript

  /// What has more classes is not drawn: nobody could read it, and gnuplot would take minutes. Tables and files have them all.
  package static let mostClasses = 200

  /// Whether it takes the whole width of a page, where others stand side by side.
  var isWide: Bool { width > 760 }
}

/// A colour of a picture.
struct FigureColor: Sendable, Equatable, ExpressibleByIntegerLiteral {
  /// As CSS and gnuplot write it.
  let hex: String

  /// - Parameter rgb: 0xRRGGBB.
  init(integerLiteral rgb: UInt32) {
    let digits = String(rgb & 0xFF_FFFF, radix: 16)
    hex = "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}

/// Colours that do not carry data.
package struct FigureTheme: Sendable, Equatable {
  var background, ink, muted, grid: FigureColor

  package static let light = FigureTheme(background: 0xFFFFFF, ink: 0x1B1E23, muted: 0x5C6470, grid: 0xD8DCE2)
  static let dark = FigureTheme(background: 0x16191D, ink: 0xE8EAED, muted: 0xA3ABB5, grid: 0x3A4048)
}
