/// Walks a JSON text (RFC 8259) and finds the first place where it is no JSON, or where an object has a key twice: of two
/// values one would win in silence, and readers differ in which.
struct JSONScanner {
  struct Problem: Error, Equatable {
    /// From 1, as editors count.
    let line, column: Int
    let what: String
    let hint: String?

    var text: String { "line \(line), column \(column): \(what)" }
  }

  /// As deep as any reader goes.
  private static let deepest = 512

  let bytes: [UInt8]
  var position = 0
  private var depth = 0

  /// nil for a text without fault.
  static func problem(in text: String) -> Problem? {
    var scanner = JSONScanner(bytes: Array(text.utf8))
    do {
      try scanner.document()
      return nil
    } catch {
      return error
    }
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func document() throws(Problem) {
    try value()
    skipBlanks()
    if position < bytes.count { throw problem("more follows after the end of the value") }
  }

  private mutating func value() throws(Problem) {
    skipBlanks()
    guard position < bytes.count else { throw ended() }
    switch bytes[position] {
    case UInt8(ascii: "{"): try nested { (scanner: inout Self) throws(Problem) in try scanner.object() }
    case UInt8(ascii: "["): try nested { (scanner: inout Self) throws(Problem) in try scanner.array() }
    case UInt8(ascii: "\""): _ = try string()
    default: try word()
    }
  }

  private mutating func nested(_ body: (inout Self) throws(Problem) -> Void) throws(Problem) {
    guard depth < Self.deepest else { throw problem("more than \(Self.deepest) values are nested in each other") }
    depth += 1
    position += 1
    try body(&self)
    depth -= 1
  }

  private mutating func object() throws(Problem) {
    var places: [String: Int] = [:]
    if take("}") { return }
    while true {
      skipBlanks()
      let start = position
      guard position < bytes.count else { throw ended() }
      guard bytes[position] == UInt8(ascii: "\"") else {
        throw bytes[position] == UInt8(ascii: "}")
          ? problem("a comma stands before the closing }", hint: "remove the comma")
          : problem("a key in double quotes is due here")
      }
      let key = try string()
      if let first = places.updateValue(start, forKey: key) {
        throw problem(
          "the key '\(key.prefix(80))' is there twice, first in line \(line(of: first))", at: start,
          hint: "delete one of the two: they may contradict each other")
      }
      guard take(":") else { throw due("a colon") }
      try value()
      if take("}") { return }
      guard take(",") else { throw due("a comma or }") }
    }
  }

  private mutating func array() throws(Problem) {
    if take("]") { return }
    while true {
      skipBlanks()
      if position < bytes.count, bytes[position] == UInt8(ascii: "]") {
        throw problem("a comma stands before the closing ]", hint: "remove the comma")
      }
      try value()
      if take("]") { return }
      guard take(",") else { throw due("a comma or ]") }
    }
  }

  mutating func skipBlanks() {
    while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
  }

  /// Whether this character comes next; it is passed then.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  func due(_ what: String) -> Problem {
    position < bytes.count ? problem("\(what) is due here") : ended()
  }

  func ended() -> Problem {
    bytes.allSatisfy { [0x20, 0x0A, 0x0D, 0x09].contains($0) }
      ? problem("the text is empty")
      : problem("the text ends before its last value does", hint: "it is cut off: bring it anew")
  }

  func line(of place: Int) -> Int { 1 + bytes[..<place].count { $0 == 0x0A } }

  func problem(_ what: String, at place: Int? = nil, hint: String? = nil) -> Problem {
    let place = min(place ?? position, bytes.count)
    let start = (bytes[..<place].lastIndex(of: 0x0A) ?? -1) + 1
    // Bytes that continue a character do not count.
    let column = 1 + bytes[start..<place].count { $0 & 0xC0 != 0x80 }
    return Problem(line: line(of: place), column: column, what: what, hint: hint)
  }
}
