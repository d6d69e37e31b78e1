import CSentryPlugin
import SentryPluginAPI

extension LoadedPlugin {
  /// Reads all that the plugin says of itself, and checks it.
  package func declaration() throws -> PluginDeclaration {
    let components = try factories().map { factory in
      let (kind, name) = (String(cString: factory.pointee.kind), String(cString: factory.pointee.name))
      let what = "the schema of its \(kind) '\(name)'"
      guard Self.isName(name) else {
        throw PluginError("'\(name)' is not a valid component name", hint: "use lower case letters, digits and hyphens")
      }
      let schema = try JSON.decode(JSONValue.self, from: String(cString: factory.pointee.options_schema), what: what)
      _ = try OptionSchema(schema, what: what)
      return PluginDeclaration.Component(
        kind: kind, name: name, summary: String(cString: factory.pointee.summary), schema: schema,
        scoresPaths: factory.pointee.score != nil,
        asksDevices: factory.pointee.struct_size >= SENTRY_FACTORY_SIZE_1_3 && factory.pointee.available != nil)
    }
    let recipes = try recipes()
    for recipe in recipes where !Self.isName(recipe.name) {
      throw PluginError(
        "'\(recipe.name)' is not a valid recipe name", hint: "use lower case letters, digits and hyphens")
    }
    return PluginDeclaration(
      name: name, version: version, summary: summary, border: border, components: components, recipes: recipes,
      libraries: (foreign.map { [$0] } ?? []) + SharedLibraries.needed(by: handle), foreign: foreign)
  }

  package static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, (97...122).contains(first) else { return false }
    return text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
  }
}
