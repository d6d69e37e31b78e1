/// A picture as data: a gnuplot script for either theme, and the files that it reads.
struct Figure: Sendable {
  /// Of its files, without the ending.
  var name: String
  /// One sentence, for readers who do not see it.
  var title: String
  /// In pixels of a screen at 96 dots an inch.
  var width, height: Int
  /// What it shows is made of pixels: an SVG would only wrap them.
  var isRaster = false
  /// Binary files that the script reads, by the name that it uses.
  var files: [String: [UInt8]] = [:]
  /// The script but for terminal and output.
  var script: @Sendable (FigureTheme) -> FigureScript
}
