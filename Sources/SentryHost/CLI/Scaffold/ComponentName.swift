import SentryPluginAPI
import SentryRuntime

/// The name of a new component: as users type it, and as the languages spell it.
struct ComponentName {
  static let longest = 40

  /// `my-letters`
  let text: String

  /// Throws ``PluginError``.
  init(_ text: String) throws {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard LoadedPlugin.isName(text), parts.allSatisfy({ !$0.isEmpty }), text.utf8.count <= Self.longest else {
      throw PluginError.invalid(
        "'\(text)' is no name for a component",
        hint: "use lower-case letters and digits, with single hyphens between them, a letter first, at most "
          + "\(Self.longest) characters: my-letters")
    }
    self.text = text
  }

  /// `MyLetters`
  var type: String { text.split(separator: "-").map(Self.capitalised).joined() }

  /// `my_letters`
  var identifier: String { text.replacing("-", with: "_") }

  static func capitalised(_ word: some StringProtocol) -> String { word.prefix(1).uppercased() + word.dropFirst() }
}
