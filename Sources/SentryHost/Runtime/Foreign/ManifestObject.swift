import SentryPluginAPI

/// An object of a manifest, read key by key; every error names the key.
struct ManifestObject {
  private let members: [String: JSONValue]
  /// Where it stands: `arguments[2]`; empty at the top.
  private let place: String

  /// - Parameter keys: those that it may have.
  init(_ value: JSONValue?, at place: String = "", keys: [String]) throws {
    guard let members = value?.objectValue else {
      throw PluginError.invalid(
        "\(place.isEmpty ? "the manifest" : place) is not a JSON object", hint: "write {\"\(keys.first ?? "key")\": …}")
    }
    (self.members, self.place) = (members, place)
    for key in members.keys.sorted() where !keys.contains(key) {
      throw PluginError.invalid("unknown key '\(path(key))'", hint: Suggestion.hint(for: key, among: keys))
    }
  }

  subscript(key: String) -> JSONValue? { members[key] }

  /// The key as errors name it.
  func path(_ key: String) -> String { place.isEmpty ? key : "\(place).\(key)" }

  func text(_ key: String, example: String) throws -> String {
    guard let value = members[key] else {
      throw PluginError.invalid("the key '\(path(key))' is missing", hint: "for example \"\(key)\": \"\(example)\"")
    }
    // A NUL would end it early in C.
    guard let text = value.stringValue, !text.isEmpty, !text.utf8.contains(0) else {
      throw PluginError.invalid("'\(path(key))' is not a string", hint: "for example \"\(key)\": \"\(example)\"")
    }
    return text
  }

  /// One word of several; `fallback` where the key is absent, which is an error without one.
  func word<Word: RawRepresentable<String> & CaseIterable>(_ key: String, fallback: Word? = nil) throws -> Word {
    if members[key] == nil, let fallback { return fallback }
    let words = Word.allCases.map(\.rawValue)
    let text = try text(key, example: words.first ?? "")
    guard let word = Word(rawValue: text) else {
      throw PluginError.invalid("'\(path(key))' is '\(text)'", hint: Suggestion.hint(for: text, among: words))
    }
    return word
  }

  /// A type of C among those that can stand here.
  func type(_ key: String, among types: [ForeignType]) throws -> ForeignType {
    let text = try text(key, example: types.first?.rawValue ?? "")
    guard let type = ForeignType(rawValue: text), types.contains(type) else {
      throw PluginError.invalid(
        "'\(path(key))' is '\(text)', which is not allowed here", hint: ForeignType.hint(for: text, among: types))
    }
    return type
  }
}
