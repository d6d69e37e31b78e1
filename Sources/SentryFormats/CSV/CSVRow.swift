/// Where a row lies in its file: what a dataset keeps of each row, to read it back later.
public struct CSVRowLocation: Sendable, Hashable {
  /// Line on which the row starts, from 1, as an editor counts.
  public let line: Int
  /// First byte of the row in the file.
  public let offset: Int
  /// Bytes of the row without its line end.
  public let length: Int
}

/// One row of a CSV file: its bytes and where the fields are among them. No strings are made until they are asked for.
public struct CSVRow: Sendable {
  public let location: CSVRowLocation
  let file: String
  let bytes: [UInt8]
  let fields: [Field]

  struct Field: Sendable {
    /// Without the quotes around it.
    let range: Range<Int>
    /// Whether quotes stand doubled in it.
    let hasDoubledQuotes: Bool
  }

  /// Number of fields.
  public var count: Int { fields.count }

  /// Calls `body` with the field's bytes, unquoted. Throws ``FormatError`` (`malformed`) where the row has no such
  /// field, or what `body` throws.
  public func withField<Result>(
    _ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) throws -> Result {
    guard fields.indices.contains(index) else {
      throw failure("has \(fields.count) fields, but field \(index + 1) is needed")
    }
    let field = fields[index]
    if field.hasDoubledQuotes { return try unescaped(field).withUnsafeBufferPointer(body) }
    return try bytes.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[field.range])) }
  }

  /// The field as text. Throws ``FormatError`` (`malformed`) where there is none or it is not UTF-8.
  public func string(_ index: Int) throws -> String {
    let text = try withField(index) { String(validating: $0, as: UTF8.self) }
    guard let text else {
      throw failure("field \(index + 1) is not UTF-8", hint: "convert the file: iconv -f latin1 -t utf8")
    }
    return text
  }

  /// All fields as text. Throws ``FormatError`` (`malformed`).
  public func strings() throws -> [String] {
    try fields.indices.map(string)
  }

  /// An error at this row, for what a dataset finds wrong with it.
  public func failure(_ detail: String, hint: String? = nil) -> FormatError {
    FormatError(.malformed, file: file, place: "line \(location.line)", detail, hint: hint)
  }

  private func unescaped(_ field: Field) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(field.range.count)
    var isSecondQuote = false
    for byte in bytes[field.range] {
      isSecondQuote = byte == CSVFile.quote && !isSecondQuote
      if !isSecondQuote { result.append(byte) }
    }
    return result
  }
}
