import SentryPluginAPI

/// The files that the components of all plugins ask for.
package struct RequiredFiles {
  /// A component, and the option that receives the file.
  package struct User: Encodable, Equatable {
    package var kind, component, option: String

    package var title: String { "\(kind) \(component)" }
  }

  package struct Item {
    package var file: RequiredFile
    package var users: [User]
  }

  /// By group and name.
  package let items: [Item]

  package init(_ registry: Registry) throws {
    var found: [String: Item] = [:]
    for entry in registry.allEntries {
      for option in try entry.schema().settable {
        guard let file = option.requiredFile else { continue }
        let user = User(kind: entry.kind.rawValue, component: entry.declaration.name, option: option.name)
        found["\(file.group) \(file.name) \(file.sha256)", default: Item(file: file, users: [])].users.append(user)
      }
    }
    items = found.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The files that some words mean: `all`, a group, a file's name, or the name of a component.
  /// - Throws: ``PluginError`` for a word that means none.
  package func named(_ words: [String]) throws -> [Item] {
    for word in words where !items.contains(where: { Self.item($0, isMeantBy: word) }) {
      guard !items.isEmpty else {
        throw PluginError(
          "no plugin asks for a model file", hint: "sentry plugins list shows the plugins that were found")
      }
      let groups = Set(items.map(\.file.group)).sorted()
      let known = groups + items.map(\.file.name) + items.flatMap { $0.users.map(\.component) }
      throw PluginError.invalid(
        "no plugin asks for a file or group '\(word)'",
        hint: Suggestion.nearest(to: word, among: known).map { "did you mean '\($0)'?" }
          ?? "there are: \(([RequiredFile.everything] + groups).joined(separator: ", "))")
    }
    return items.filter { item in words.contains { Self.item(item, isMeantBy: $0) } }
  }

  private static func item(_ item: Item, isMeantBy word: String) -> Bool {
    word == RequiredFile.everything || item.file.group == word || item.file.name == word
      || item.users.contains { $0.component == word }
  }
}
