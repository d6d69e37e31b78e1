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
  /// Binary files that the script reads, by the name that it uses.
  package var files: [String: [UInt8]] = [:]
  /// The script but for terminal and output.
  package var script: @Sendable (FigureTheme) -> FigureScript
}
