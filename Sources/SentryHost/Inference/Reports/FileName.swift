/// Names from outside as parts of file names.
package enum FileName {
  /// Letters, digits, hyphens, dots that do not lead, and underscores for all else.
  package static func safe(_ text: String) -> String {
    var safe = ""
    for character in text.prefix(60) {
      // One byte, and a harmless one: what else a character may be made of is not looked at.
      let byte = character.utf8.count == 1 ? character.utf8.first ?? 0 : 0
      let isPlain =
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"):
          true
        case UInt8(ascii: "."): !safe.isEmpty
        default: false
        }
      safe.append(isPlain ? character : "_")
    }
    return safe.isEmpty ? "_" : safe
  }
}
