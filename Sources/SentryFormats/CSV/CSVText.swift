/// Rows of CSV as others read them (RFC 4180, but for the line end). A cell that a spreadsheet would take for a formula begins with an
/// apostrophe, which keeps it a text; numbers stay numbers.
public enum CSVText {
  /// With its line end.
  public static func row(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\n" }

  /// In quotes where it must be.
  public static func cell(_ text: String) -> String {
    let guarded = guarded(text)
    return guarded.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) } ? inQuotes(guarded) : guarded
  }

  /// In quotes whatever it holds.
  public static func quoted(_ text: String) -> String { inQuotes(guarded(text)) }

  private static func guarded(_ text: String) -> String {
    // = + - @, tab and carriage return.
    guard let first = text.utf8.first, [0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D].contains(first), Double(text) == nil else {
      return text
    }
    return "'" + text
  }

  /// By bytes: a mark that follows a quotation mark would hide it from a search for characters.
  private static func inQuotes(_ text: String) -> String {
    let bytes = text.utf8.flatMap { $0 == 0x22 ? [$0, $0] : [$0] }
    return "\"" + String(decoding: bytes, as: UTF8.self) + "\""
  }
}
