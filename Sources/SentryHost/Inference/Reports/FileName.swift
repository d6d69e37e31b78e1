/// Names from outside as parts of file names.
enum FileName {
  /// Letters, digits, hyphens, dots that do not lead, and underscores for all else.
  static func safe(_ text: String) -> String {
    var safe = ""
    for character in text.prefix(60) {
      let isPlain = character.isASCII && (character.isLetter || character.isNumber || character == "-")
      safe.append(isPlain || (character == "." && !safe.isEmpty) ? character : "_")
    }
    return safe.isEmpty ? "_" : safe
  }
}
