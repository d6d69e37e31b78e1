/// Finds the rows of a CSV file one after the other. Rows without quotes, nearly all, are found by `memchr`.
struct CSVScanner {
  private let csv: CSVFile
  /// What has been read and not yet given: `buffer[start...]` lies at `offset` in the file.
  private var buffer: [UInt8] = []
  private var start = 0
  private var offset = 0
  private var line = 1
  private static let chunk = 1 << 20

  init(_ csv: CSVFile) {
    self.csv = csv
  }

  /// The next row that is not empty, without its line end; nil at the end of the file.
  mutating func next() throws -> (CSVRowLocation, [UInt8])? {
    if offset == 0 { try skipByteOrderMark() }
    while true {
      guard start < buffer.count || !isAtEnd else { return nil }
      let (length, lines) = try rowLength()
      let lineEnd = start + length
      let hasReturn = lineEnd < buffer.count && length > 0 && buffer[lineEnd - 1] == 0x0D
      let bytes = Array(buffer[start..<lineEnd - (hasReturn ? 1 : 0)])
      let location = CSVRowLocation(line: line, offset: offset, length: bytes.count)
      let consumed = min(length + 1, buffer.count - start)
      start += consumed
      offset += consumed
      line += lines
      if bytes.isEmpty { continue }
      if bytes.firstIndex(of: 0, in: bytes.indices) != nil {
        throw FormatError(
          .malformed, file: csv.path, place: "line \(location.line)", "the row holds a NUL byte",
          hint: "the file is not a text file, or it is damaged")
      }
      return (location, bytes)
    }
  }

  private var isAtEnd: Bool { offset + (buffer.count - start) >= csv.file.size }

  private mutating func skipByteOrderMark() throws {
    try fill()
    if buffer.starts(with: [0xEF, 0xBB, 0xBF]) {
      start = 3
      offset = 3
    }
  }

  /// Reads more; what has been given makes room.
  private mutating func fill() throws {
    buffer.removeSubrange(..<start)
    start = 0
    let position = offset + buffer.count
    // As much again as is there, so that a long row is not moved each time.
    let count = min(max(Self.chunk, buffer.count), csv.file.size - position)
    if buffer.isEmpty {
      buffer = try csv.file.bytes(at: position, count: count)
    } else {
      buffer += try csv.file.bytes(at: position, count: count)
    }
  }

  /// Bytes up to the line feed that ends the row or to the end of the file, and the line feeds passed.
  private mutating func rowLength() throws -> (length: Int, lines: Int) {
    var quoting = CSVQuoting(separator: csv.separator)
    var position = 0
    var lines = 1
    while true {
      if let end = buffer.firstIndex(of: 0x0A, in: start + position..<buffer.count).map({ $0 - start }) {
        try checkLength(end)
        if !quoting.isOpen(buffer, rowStart: start, at: end) { return (end, lines) }
        lines += 1
        position = end + 1
      } else {
        let length = buffer.count - start
        try checkLength(length)
        guard isAtEnd else {
          try fill()
          continue
        }
        if quoting.isOpen(buffer, rowStart: start, at: length) {
          throw FormatError(
            .malformed, file: csv.path, place: "line \(line)", "a quote is opened in this row and never closed",
            hint: "check the quotes of this row; the file may be incomplete")
        }
        return (length, lines)
      }
    }
  }

  private func checkLength(_ length: Int) throws {
    if length > csv.longestRow { throw csv.tooLong(line) }
  }
}
