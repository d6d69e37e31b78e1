/// Texts from outside, fit to be shown in a picture.
package enum FigureText {
  /// Without what would break the line or turn the direction of what follows.
  static func clean(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isUnfitForDisplay ? " " : $0 }))
  }

  /// A name that leaves room for the picture.
  package static func short(_ text: String, _ limit: Int = 22) -> String {
    // A character may be made of thousands of scalars: as many are enough as let each carry some marks.
    let scalars = text.unicodeScalars.prefix(4 * limit)
    let start = String(String.UnicodeScalarView(scalars))
    guard start.count > limit || scalars.count < text.unicodeScalars.count else { return text }
    return start.prefix(limit - 1) + "…"
  }

  /// A heading that begins with a name, which is shortened until the heading fits.
  /// - Parameter room: pixels.
  static func heading(_ name: String, _ rest: String, limit: Int, room: Double) -> String {
    let isFitting = (1...limit).reversed().first { headingScale * width(of: short(name, $0) + rest) <= room }
    return short(name, isFitting ?? 1) + rest
  }

  /// How much larger the text of a heading is.
  private static let headingScale = 1.2

  /// How wide a text of the basic size is, in pixels, roughly.
  /// - Parameter fonts: a box stands for a character that they lack.
  static func width(of text: String, fonts: FontCoverage? = .installed) -> Double {
    text.reduce(0) { width, character in
      let takesABox = character.unicodeScalars.contains { isWide($0) || fonts?.covers($0) == false }
      return width + (takesABox ? 13.5 : 7.2)
    }
  }

  /// Chinese, Japanese, Korean and full-width forms, emoji: as wide as high.
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}

extension Unicode.Scalar {
  /// Control characters, which no format of ours may hold, and those that turn the direction of what follows.
  package var isUnfitForDisplay: Bool {
    switch self {
    case "\u{2028}", "\u{2029}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{FFFE}", "\u{FFFF}": true
    default: properties.generalCategory == .control
    }
  }
}
