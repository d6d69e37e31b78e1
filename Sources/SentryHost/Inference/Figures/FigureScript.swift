/// A gnuplot script beside the data that it reads. No text from outside is part of the script: see ``GnuplotCommand``.
package struct FigureScript: Sendable {
  /// The name under which the script reads its texts.
  static let textFile = "texts"

  let theme: FigureTheme
  private var commands = ""
  private var texts: [String] = []
  private var dataCount = 0

  /// With the look that all figures share.
  package init(_ theme: FigureTheme) {
    self.theme = theme
    let (ink, muted, grid) = (theme.ink, theme.muted, theme.grid)
    add("set encoding utf8")
    add("set border 3 lc rgb \(muted) lw 1")
    add("set tics nomirror out scale 0.5 textcolor rgb \(ink)")
    add("set grid lc rgb \(grid) lw 1 dt 1, lc rgb \(grid) lw 1 dt 1")
    add("set key textcolor rgb \(ink) samplen 2 spacing 1.2")
    add("set title textcolor rgb \(ink) font ',12' offset 0,-0.3")
    add("set xlabel textcolor rgb \(ink); set ylabel textcolor rgb \(ink) offset 1,0")
  }

  mutating func add(_ command: GnuplotCommand) {
    for part in command.parts {
      switch part {
      case .code(let code): commands += code
      case .text(let text): commands += reference(to: text)
      }
    }
    commands += "\n"
  }

  private mutating func reference(to text: String) -> String {
    let index = texts.firstIndex(of: text) ?? texts.count
    if index == texts.count { texts.append(text) }
    return "external[\(index + 1)]"
  }

  /// Rows of numbers; nil leaves a gap.
  /// - Returns: what `plot` calls them.
  mutating func data(_ rows: [[Double?]]) -> GnuplotCommand {
    dataCount += 1
    add("$data\(dataCount) << END")
    for row in rows { commands += row.map { value in value.map { "\($0)" } ?? "NaN" }.joined(separator: " ") + "\n" }
    add("END")
    return "$data\(dataCount)"
  }

  /// Where the axes of the next plot stand, in shares of the picture from its lower left corner.
  package mutating func place(left: Double, right: Double, bottom: Double, top: Double) {
    add("set lmargin at screen \(left)")
    add("set rmargin at screen \(right)")
    add("set bmargin at screen \(bottom)")
    add("set tmargin at screen \(top)")
  }

  /// - Parameter labels: each with the lines that stand at a place.
  mutating func tics(_ axis: GnuplotCommand, _ labels: [(lines: [String], place: Double)], _ more: GnuplotCommand = "")
  {
    let list = labels.map { label -> GnuplotCommand in
      // Labels of tics are formats: a percent sign begins one.
      "\(lines: label.lines.map(Self.withoutFormats)) \(label.place)"
    }
    add("set \(axis)tics (\(list)) \(more)")
  }

  private static func withoutFormats(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.flatMap { $0 == "%" ? ["%", "%"] : [$0] }))
  }

  /// The whole script; it begins by reading the texts.
  var script: String {
    guard !texts.isEmpty else { return commands }
    return """
      array external[\(texts.count)]
      set datafile separator "\\t"
      stats '\(Self.textFile)' using (external[int($0) + 1] = stringcolumn(1), 0) nooutput
      set datafile separator

      """ + commands
  }

  /// The texts, one a line, every byte of them as a number: nothing in them has a meaning to gnuplot.
  var textBytes: [UInt8] { Array(texts.map { Self.encoded($0) + "\n" }.joined().utf8) }

  /// The characters of the texts that no font has.
  func undrawable(by fonts: FontCoverage) -> [Unicode.Scalar] {
    texts.flatMap(\.unicodeScalars).filter { !fonts.covers($0) }
  }

  /// The same with what the fonts can draw in place of each character.
  func drawable(by fonts: FontCoverage) -> FigureScript {
    var script = self
    script.texts = texts.map { text in
      String(String.UnicodeScalarView(text.unicodeScalars.compactMap(fonts.drawable)))
    }
    return script
  }

  /// Gnuplot reads 255 bytes of a text.
  private static func encoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      let more = UTF8.encode(scalar).map(Array.init) ?? []
      if bytes.count + more.count > 255 { break }
      bytes += more
    }
    // An empty line would end the records.
    return (bytes.isEmpty ? [0x20] : bytes).map { byte in
      "\\" + String([byte >> 6, byte >> 3 & 7, byte & 7].map { Character(Unicode.Scalar(0x30 + $0)) })
    }.joined()
  }
}
