/// Words of a command line as a shell reads them again.
package enum ShellText {
  package static func command(_ words: [String]) -> String { words.map(word).joined(separator: " ") }

  package static func word(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || [45, 46, 47, 58, 61, 95, 44, 43, 37, 64].contains(byte)
    }
    guard !plain || word.isEmpty else { return word }
    // By scalars: an accent that follows an apostrophe would hide it from a search for characters.
    let quoted = word.unicodeScalars.flatMap { $0 == "'" ? Array("'\\''".unicodeScalars) : [$0] }
    return "'" + String(String.UnicodeScalarView(quoted)) + "'"
  }
}
