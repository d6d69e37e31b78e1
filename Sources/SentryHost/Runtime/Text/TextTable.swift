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
