/// Texts on their way to a terminal.
package enum TerminalText {
  /// The text without what a terminal would obey instead of show: a class, a file or a plugin may be called anything.
  ///
  /// Control characters (but line feed and tab), separators of lines and those that turn the direction of writing are shown
  /// as JSON has them, `\u001b`: JSON stays what it was.
  package static func printable(_ text: String) -> String { shown(text) { isObeyed($0) } }

  /// The same for a text that has to stay on its line: line feeds and tabs are shown too.
  package static func line(_ text: String) -> String {
    shown(text) { isObeyed($0) || $0 == "\n" || $0 == "\t" }
  }

  private static func shown(_ text: String, _ isObeyed: (Unicode.Scalar) -> Bool) -> String {
    guard text.unicodeScalars.contains(where: isObeyed) else { return text }
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      guard isObeyed(scalar) else {
        shown.append(scalar)
        continue
      }
      let digits = String(scalar.value, radix: 16)
      shown.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
    }
    return String(shown)
  }

  private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0x00...0x1F, 0x7F...0x9F: true
    case 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}

/// Text in columns, for readers.
package enum TextTable {
  /// Rows in columns as wide as their widest cell; the last column is not padded.
  package static func text(_ rows: [[String]], indent: String = "") -> String {
    let rows = rows.map { $0.map(TerminalText.line) }
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return rows.map { row in
      indent
        + row.enumerated().map { column, cell in
          column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
        }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
