/// Texts, numbers and words.
extension JSONScanner {
  /// What stands between the quotes, escapes resolved.
  mutating func string() throws(Problem) -> String {
    let start = position
    position += 1
    var hasEscapes = false
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] < 0x20 {
        throw bytes[position] == 0x0A || bytes[position] == 0x0D
          ? problem("a text is not closed", at: start, hint: "write line ends in a text as \\n")
          : problem("a control character stands in a text")
      }
      if bytes[position] == UInt8(ascii: "\\") {
        hasEscapes = true
        position += 1
      }
      position += 1
    }
    guard position < bytes.count else { throw problem("a text is not closed", at: start) }
    let range = start + 1..<position
    position += 1
    return hasEscapes ? try unescaped(range) : String(decoding: bytes[range], as: UTF8.self)
  }

  private func unescaped(_ range: Range<Int>) throws(Problem) -> String {
    var units: [UInt16] = []
    var at = range.lowerBound
    var plain = at
    func flush(_ units: inout [UInt16], to end: Int) {
      units += String(decoding: bytes[plain..<end], as: UTF8.self).utf16
    }
    while at < range.upperBound {
      guard bytes[at] == UInt8(ascii: "\\") else {
        at += 1
        continue
      }
      flush(&units, to: at)
      switch bytes[at + 1] {
      case UInt8(ascii: "u"):
        let digits = bytes[min(at + 2, range.upperBound)..<min(at + 6, range.upperBound)]
        guard digits.count == 4, let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16) else {
          throw problem("four hexadecimal digits are due after \\u", at: at)
        }
        units.append(unit)
        at += 6
      case let letter:
        guard let unit = Self.escapes[letter] else {
          throw problem("a backslash stands before a character that it cannot stand before", at: at)
        }
        units.append(unit)
        at += 2
      }
      plain = at
    }
    flush(&units, to: range.upperBound)
    return String(decoding: units, as: UTF16.self)
  }

  private static let escapes: [UInt8: UInt16] = [
    UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F, UInt8(ascii: "b"): 8,
    UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9,
  ]

  /// A number, true, false or null.
  mutating func word() throws(Problem) {
    let start = position
    while position < bytes.count, Self.isOfWord(bytes[position]) { position += 1 }
    let text = String(decoding: bytes[start..<min(position, start + 40)], as: UTF8.self)
    if ["true", "false", "null"].contains(text) { return }
    if Self.isNumber(bytes[start..<position]) {
      guard isFinite(start..<position) else {
        throw problem("\(text) is beyond the range of numbers, about ±1.8e308", at: start)
      }
      return
    }
    switch text.lowercased() {
    case "nan", "-nan", "+nan", "inf", "-inf", "+inf", "infinity", "-infinity", "+infinity":
      throw problem(
        "\(text) is no value of JSON", at: start, hint: "write null where a value is not known, or leave it out")
    case "none", "undefined": throw problem("\(text) is no value of JSON", at: start, hint: "write null")
    case "true", "false": throw problem("\(text) is no value of JSON", at: start, hint: "write \(text.lowercased())")
    case "":
      throw bytes[start] == UInt8(ascii: "'")
        ? problem("a single quote", at: start, hint: "texts stand in double quotes")
        : problem("a value is due here", at: start)
    default: throw problem("'\(text)' is no value of JSON", at: start)
    }
  }

  /// Whether a number has a 64-bit value; readers take others for no number at all.
  private func isFinite(_ range: Range<Int>) -> Bool {
    let number = bytes[range]
    guard number.count > 300 || number.contains(where: { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }) else {
      return true
    }
    return Double(String(decoding: number, as: UTF8.self))?.isFinite == true
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
    var rest = text
    func digits() -> Int {
      let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
      rest = rest.dropFirst(count)
      return count
    }
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let hasZero = rest.first == UInt8(ascii: "0")
    let whole = digits()
    guard whole == 1 || (whole > 1 && !hasZero) else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      guard digits() > 0 else { return false }
    }
    if let letter = rest.first, letter == UInt8(ascii: "e") || letter == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest = rest.dropFirst() }
      guard digits() > 0 else { return false }
    }
    return rest.isEmpty
  }
}
