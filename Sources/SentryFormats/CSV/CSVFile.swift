/// A CSV file (RFC 4180, UTF-8 with or without byte order mark, lines ending in LF or CR LF), read row by row however
/// long it is, or at a place found before.
public final class CSVFile: Sendable {
  static let quote = UInt8(ascii: "\"")
  /// Fields take more memory than the separators between them.
  static let mostFields = 1 << 20

  public let path: String
  let file: InputFile
  let separator: UInt8
  let longestRow: Int

  /// - Parameters:
  ///   - separator: one ASCII character between fields.
  ///   - longestRow: bytes of a row beyond which the file is taken for damaged: most often a quote is not closed.
  /// - Throws: ``FormatError``.
  public init(_ path: String, separator: Unicode.Scalar = ",", longestRow: Int = 16 << 20) throws {
    self.path = path
    guard separator.isASCII, !["\"", "\n", "\r", "\0"].contains(separator) else {
      throw FormatError(
        .invalidValue, file: path, "fields cannot be separated by \(separator.debugDescription)",
        hint: "use a comma, a semicolon or a tab")
    }
    self.separator = UInt8(ascii: separator)
    self.longestRow = longestRow
    file = try InputFile(path)
    guard file.size > 0 else {
      throw FormatError(.truncated, file: path, "the file is empty", hint: "fetch it again")
    }
    let start = try file.bytes(at: 0, count: min(2, file.size))
    if start == [0xFF, 0xFE] || start == [0xFE, 0xFF] {
      throw FormatError(.unsupported, file: path, "is in UTF-16", hint: "convert it: iconv -f utf16 -t utf8")
    }
  }

  /// Calls `body` with each row in order; empty lines are passed over. `body` returns whether to go on.
  /// - Throws: ``FormatError`` naming the file and the line, or what `body` throws.
  public func forEachRow(_ body: (CSVRow) throws -> Bool) throws {
    var scanner = CSVScanner(self)
    while let (location, bytes) = try scanner.next() {
      let row = try CSVRow(bytes, at: location, in: path, separator: separator)
      guard try body(row) else { return }
    }
  }

  /// The first row that is not empty, as names of columns, or nil in a file of empty lines. Throws ``FormatError``.
  public func header() throws -> CSVHeader? {
    var header: CSVHeader?
    try forEachRow {
      header = try CSVHeader($0)
      return false
    }
    return header
  }

  /// The row at a place that ``forEachRow(_:)`` gave; may be called from any thread.
  /// Throws ``FormatError``, also where the file has been changed so that no row is there now.
  public func row(at location: CSVRowLocation) throws -> CSVRow {
    guard location.length <= longestRow else { throw tooLong(location.line) }
    let bytes = try file.bytes(at: location.offset, count: location.length)
    return try CSVRow(bytes, at: location, in: path, separator: separator)
  }

  func tooLong(_ line: Int) -> FormatError {
    FormatError(
      .tooLarge, file: path, place: "line \(line)", "the row has more than \(longestRow) bytes",
      hint: "a quote may be opened and not closed")
  }
}
