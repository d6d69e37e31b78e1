/// The first row of a CSV file as names of columns.
public struct CSVHeader: Sendable {
  /// As in the file, without spaces around them.
  public let names: [String]
  private let file: String
  private let line: Int

  /// Throws ``FormatError`` (`malformed`) where a name is not UTF-8.
  public init(_ row: CSVRow) throws {
    names = try row.strings().map(Self.trimmed)
    (file, line) = (row.file, row.location.line)
  }

  /// The first column of this name in whatever case; nil where there is none.
  public func index(of name: String) -> Int? {
    names.firstIndex { $0.lowercased() == name.lowercased() }
  }

  /// The one column of this name in whatever case; nil where there is none. Throws ``FormatError`` (`malformed`) where
  /// there are several: they may contradict each other.
  public func column(_ name: String) throws -> Int? {
    let found = names.indices.filter { names[$0].lowercased() == name.lowercased() }
    guard found.count < 2 else {
      throw failure(
        "has the column \(names[found[0]]) \(found.count) times, as fields "
          + found.map { String($0 + 1) }.joined(separator: ", "), hint: "delete all but one of them")
    }
    return found.first
  }

  /// The one column of this name. Throws ``FormatError`` (`malformed`) that lists the columns there are, or names the
  /// separator that the file seems to have.
  public func require(_ name: String) throws -> Int {
    guard let index = try column(name) else {
      throw failure("has no column \(name); there \(listing)", hint: separatorHint ?? "is it the right file?")
    }
    return index
  }

  /// Throws ``FormatError`` (`malformed`) where the row has more fields than there are columns: what stands in them is of
  /// no column, or a comma has moved the others.
  public func check(_ row: CSVRow) throws {
    guard row.count > names.count else { return }
    throw row.failure(
      "has \(row.count) fields, the header has \(names.count)",
      hint: "a text that holds a comma stands in double quotes; correct or delete the row")
  }

  /// The columns in words, for messages: "are a, b".
  public var listing: String {
    let shown = names.prefix(20).map { String($0.prefix(80)) }.joined(separator: ", ")
    return (names.count == 1 ? "is " : "are ") + shown + (names.count > 20 ? " and \(names.count - 20) more" : "")
  }

  /// What to do about a header whose fields are parted by something else than what they were read by; nil where nothing
  /// tells that.
  public var separatorHint: String? {
    guard names.count == 1, let name = names.first else { return nil }
    let others: [(Character, String)] = [(";", "semicolons"), ("\t", "tabs"), ("|", "bars"), (",", "commas")]
    guard let found = others.first(where: { name.contains($0.0) }) else { return nil }
    return "its fields are separated by \(found.1): save the file with commas between them"
  }

  private func failure(_ detail: String, hint: String) -> FormatError {
    FormatError(.malformed, file: file, place: "line \(line): the header", detail, hint: hint)
  }

  private static func trimmed(_ text: String) -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    let start = text.drop(while: isSpace)
    return String(start.reversed().drop(while: isSpace).reversed())
  }
}
