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

  /// How wide a text of the basic size is, in pixels, roughly.
  static func width(of text: String) -> Double { Double(text.count) * 7.2 }
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
