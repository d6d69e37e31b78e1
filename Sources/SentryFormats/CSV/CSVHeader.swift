/// The first row of a CSV file as names of columns.
public struct CSVHeader: Sendable {
  /// As in the file, without spaces around them.
  public let names: [String]
  private let file: String

  /// Throws ``FormatError`` (`malformed`) where a name is not UTF-8.
  public init(_ row: CSVRow) throws {
    names = try row.strings().map(Self.trimmed)
    file = row.file
  }

  /// The column of this name in whatever case; nil where there is none.
  public func index(of name: String) -> Int? {
    names.firstIndex { $0.lowercased() == name.lowercased() }
  }

  /// The column of this name. Throws ``FormatError`` (`malformed`) that lists the columns there are.
  public func require(_ name: String) throws -> Int {
    guard let index = index(of: name) else {
      throw FormatError(
        .malformed, file: file, place: "header",
        "has no column \(name); there are \(names.prefix(20).joined(separator: ", "))", hint: "is it the right file?")
    }
    return index
  }

  private static func trimmed(_ text: String) -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    let start = text.drop(while: isSpace)
    return String(start.reversed().drop(while: isSpace).reversed())
  }
}
