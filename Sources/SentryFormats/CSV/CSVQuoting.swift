/// Follows a row through its quotes, so that line feeds within them do not end it. Each byte is looked at once.
struct CSVQuoting {
  private enum State { case fieldStart, unquoted, quoted, quoteInQuoted }

  private let separator: UInt8
  private var state = State.fieldStart
  /// Bytes of the row already followed.
  private var position = 0

  init(separator: UInt8) {
    self.separator = separator
  }

  /// Whether byte `end` of the row, which starts at `start` in `buffer`, stands within quotes.
  mutating func isOpen(_ buffer: [UInt8], rowStart start: Int, at end: Int) -> Bool {
    // Nearly all rows have no quotes; the state after such a stretch does not matter, since the row ends there.
    if state != .quoted, buffer.firstIndex(of: CSVFile.quote, in: start + position..<start + end) == nil {
      return false
    }
    for byte in buffer[start + position..<start + end] {
      switch (state, byte) {
      case (.fieldStart, CSVFile.quote), (.quoteInQuoted, CSVFile.quote): state = .quoted
      case (.quoted, CSVFile.quote): state = .quoteInQuoted
      case (.quoted, _): break
      case (_, separator): state = .fieldStart
      default: state = .unquoted
      }
    }
    position = end
    return state == .quoted
  }
}
