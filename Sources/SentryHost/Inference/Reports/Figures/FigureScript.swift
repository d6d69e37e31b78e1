/// Gnuplot commands. Every text from outside goes through ``quoted(_:)``: in single quotes gnuplot expands nothing.
package struct FigureScript: Sendable {
  private(set) var text = ""
  let theme: FigureTheme

  /// With the look that all figures share.
  package init(_ theme: FigureTheme) {
    self.theme = theme
    let (ink, muted, grid) = (theme.ink, theme.muted, theme.grid)
    add("set encoding utf8")
    add("set border 3 lc rgb '\(muted)' lw 1")
    add("set tics nomirror out scale 0.5 textcolor rgb '\(ink)'")
    add("set grid lc rgb '\(grid)' lw 1 dt 1, lc rgb '\(grid)' lw 1 dt 1")
    add("set key textcolor rgb '\(ink)' samplen 2 spacing 1.2")
    add("set title textcolor rgb '\(ink)' font ',12' offset 0,-0.3")
    add("set xlabel textcolor rgb '\(ink)'; set ylabel textcolor rgb '\(ink)' offset 1,0")
  }

  package mutating func add(_ line: String) { text += line + "\n" }

  /// Rows of numbers under a name, to be plotted as `$name`; nil leaves a gap.
  package mutating func data(_ name: String, _ rows: [[Double?]]) {
    add("$\(name) << END")
    for row in rows { add(row.map { value in value.map { "\($0)" } ?? "NaN" }.joined(separator: " ")) }
    add("END")
  }

  /// Where the axes of the next plot stand, in shares of the picture from its lower left corner.
  package mutating func place(left: Double, right: Double, bottom: Double, top: Double) {
    add("set lmargin at screen \(left)")
    add("set rmargin at screen \(right)")
    add("set bmargin at screen \(bottom)")
    add("set tmargin at screen \(top)")
  }

  mutating func tics(_ axis: String, _ labels: [(text: String, place: Double)], _ more: String = "") {
    let list = labels.map { "\(Self.ticLabel($0.text)) \($0.place)" }.joined(separator: ", ")
    add("set \(axis)tics (\(list)) \(more)")
  }

  /// A text in single quotes, without control characters.
  static func quoted(_ text: String) -> String {
    let clean = String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
    return "'" + clean.replacing("'", with: "''") + "'"
  }

  /// Labels of tics are formats: a percent sign begins one. Line feeds stay, as gnuplot's own.
  private static func ticLabel(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { quoted(String($0).replacing("%", with: "%%")) }.joined(separator: ".\"\\n\".")
  }

  /// A name that leaves room for the picture.
  package static func short(_ text: String, _ limit: Int = 22) -> String {
    text.count > limit ? text.prefix(limit - 1) + "…" : text
  }

  /// How wide a text of the basic size is, in pixels, roughly.
  package static func width(of text: String) -> Double { Double(text.count) * 7.2 }
}
