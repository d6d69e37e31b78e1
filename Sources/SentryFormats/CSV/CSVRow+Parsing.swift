extension CSVRow {
  /// Finds the fields of a row (RFC 4180). A quote inside an unquoted field is a character like any other.
  /// Throws ``FormatError`` (`malformed`).
  init(_ bytes: [UInt8], at location: CSVRowLocation, in file: String, separator: UInt8) throws {
    var fields: [Field] = []
    var position = 0
    while true {
      let field: Field
      if position < bytes.count, bytes[position] == CSVFile.quote {
        guard let quoted = Self.quoted(bytes, from: position + 1) else {
          throw Self.failure(file, location, "a quoted field has no end")
        }
        field = quoted
        position = quoted.range.upperBound + 1
        guard position == bytes.count || bytes[position] == separator else {
          throw Self.failure(file, location, "text follows the closing quote of field \(fields.count + 1)")
        }
      } else {
        let end = bytes.firstIndex(of: separator, in: position..<bytes.count) ?? bytes.count
        field = Field(range: position..<end, hasDoubledQuotes: false)
        position = end
        if bytes.firstIndex(of: 0x0D, in: field.range) != nil {
          throw Self.failure(file, location, "a carriage return stands alone", hint: "write lines with LF or CR LF")
        }
      }
      guard fields.count < CSVFile.mostFields else {
        throw FormatError(
          .tooLarge, file: file, place: "line \(location.line)", "the row has more than \(CSVFile.mostFields) fields",
          hint: "is it the right file?")
      }
      fields.append(field)
      if position == bytes.count { break }
      position += 1
    }
    self.init(location: location, file: file, bytes: bytes, fields: fields)
  }

  private static func quoted(_ bytes: [UInt8], from start: Int) -> Field? {
    var position = start
    var hasDoubledQuotes = false
    while let quote = bytes.firstIndex(of: CSVFile.quote, in: position..<bytes.count) {
      guard quote + 1 < bytes.count, bytes[quote + 1] == CSVFile.quote else {
        return Field(range: start..<quote, hasDoubledQuotes: hasDoubledQuotes)
      }
      hasDoubledQuotes = true
      position = quote + 2
    }
    return nil
  }

  private static func failure(
    _ file: String, _ location: CSVRowLocation, _ detail: String, hint: String = "check the quotes of this row"
  ) -> FormatError {
    FormatError(.malformed, file: file, place: "line \(location.line)", detail, hint: hint)
  }
}
