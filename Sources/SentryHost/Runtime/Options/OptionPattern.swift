import SentryPluginAPI

/// What a text must look like.
package struct OptionPattern: Sendable {
  /// The regular expression of which a text must contain a match.
  let expression: String
  /// The same for people, as the rest of "must be".
  var form: String?
  /// A text that matches.
  var example: String?

  func matches(_ text: String) -> Bool {
    (try? Regex(expression)).map { text.firstMatch(of: $0) != nil } ?? true
  }

  /// What is asked for, as the rest of a sentence.
  var demand: String {
    (form.map { "must be \($0)" } ?? "must match \(expression)") + (example.map { ", for example \($0)" } ?? "")
  }
}
