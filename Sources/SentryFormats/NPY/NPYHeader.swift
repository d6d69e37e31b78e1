/// The description at the start of an `.npy` file (NumPy enhancement proposal 1): a Python dictionary literal with
/// exactly the keys descr, fortran_order and shape.
struct NPYHeader: Equatable {
  /// Type string such as `<f4`.
  var type = ""
  var isFortranOrder = false
  var shape: [Int] = []
}

extension NPYHeader {
  /// Reads the literal. Throws `ParseFailure` with what was met.
  init(parsing text: [UInt8]) throws(ParseFailure) {
    self.init()
    var parser = Parser(text: text)
    var seen: Set<String> = []
    try parser.take("{")
    while !parser.skip("}") {
      let key = try parser.string()
      guard seen.insert(key).inserted else { throw ParseFailure(reason: "\(key) is given twice") }
      try parser.take(":")
      switch key {
      case "descr":
        guard parser.next != UInt8(ascii: "[") else {
          throw ParseFailure(reason: "the array is a structured one", isUnsupported: true)
        }
        type = try parser.string()
      case "fortran_order": isFortranOrder = try parser.boolean()
      case "shape": shape = try parser.shape()
      default: throw ParseFailure(reason: "the key \(key) is unknown")
      }
      if !parser.skip(",") {
        try parser.take("}")
        break
      }
    }
    guard seen.count == 3, parser.isAtEnd else { throw ParseFailure(reason: "the header is incomplete") }
  }

  struct ParseFailure: Error {
    let reason: String
    var isUnsupported = false
  }

  /// Just as much of Python's grammar as such a literal needs.
  private struct Parser {
    let text: [UInt8]
    var position = 0

    var next: UInt8? {
      mutating get {
        while position < text.count, text[position] == 0x20 || text[position] == 0x0A { position += 1 }
        return position < text.count ? text[position] : nil
      }
    }

    var isAtEnd: Bool { mutating get { next == nil } }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
      guard next == UInt8(ascii: character) else { return false }
      position += 1
      return true
    }

    mutating func take(_ character: Unicode.Scalar) throws(ParseFailure) {
      guard skip(character) else { throw ParseFailure(reason: "\(character) is missing at byte \(position)") }
    }

    mutating func string() throws(ParseFailure) -> String {
      guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""),
        let end = text[(position + 1)...].firstIndex(of: quote)
      else { throw ParseFailure(reason: "a string is missing at byte \(position)") }
      defer { position = end + 1 }
      return String(decoding: text[(position + 1)..<end], as: UTF8.self)
    }

    mutating func boolean() throws(ParseFailure) -> Bool {
      _ = next
      for (word, value) in [("True", true), ("False", false)] where text[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw ParseFailure(reason: "True or False is missing at byte \(position)")
    }

    mutating func shape() throws(ParseFailure) -> [Int] {
      var shape: [Int] = []
      try take("(")
      while !skip(")") {
        shape.append(try extent())
        if !skip(",") {
          // (3) is a number in Python, not a tuple.
          guard shape.count > 1 else { throw ParseFailure(reason: "the shape is not a tuple") }
          try take(")")
          break
        }
      }
      return shape
    }

    private mutating func extent() throws(ParseFailure) -> Int {
      _ = next
      let digits = text[position...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
        throw ParseFailure(reason: "the shape has no number at byte \(position)")
      }
      position = digits.endIndex
      // Python 2 wrote long numbers with an L.
      if position < text.count, text[position] == UInt8(ascii: "L") { position += 1 }
      return value
    }
  }
}
