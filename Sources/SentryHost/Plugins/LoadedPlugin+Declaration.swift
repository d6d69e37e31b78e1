import CSentryPlugin
import Glibc
import SentryPluginAPI

extension LoadedPlugin {
  /// Reads all that the plugin says of itself, and checks it.
  func declaration() throws -> PluginDeclaration {
    let components = try factories().map { factory in
      let (kind, name) = (String(cString: factory.pointee.kind), String(cString: factory.pointee.name))
      let what = "the schema of its \(kind) '\(name)'"
      guard Self.isName(name) else {
        throw PluginError("'\(name)' cannot be a component's name", hint: "use lower case letters, digits and hyphens")
      }
      let schema = try JSON.decode(JSONValue.self, from: String(cString: factory.pointee.options_schema), what: what)
      _ = try OptionSchema(schema, what: what)
      return PluginDeclaration.Component(
        kind: kind, name: name, summary: String(cString: factory.pointee.summary), schema: schema,
        scoresPaths: factory.pointee.score != nil)
    }
    let recipes = try recipes()
    for recipe in recipes where !Self.isName(recipe.name) {
      throw PluginError(
        "'\(recipe.name)' cannot be a recipe's name", hint: "use lower case letters, digits and hyphens")
    }
    return PluginDeclaration(
      name: name, version: version, summary: summary, border: border, components: components, recipes: recipes,
      libraries: libraries())
  }

  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, (97...122).contains(first) else { return false }
    return text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
  }

  /// glibc's `struct link_map`: Swift's Glibc module shows neither it nor `dlinfo`.
  private struct LinkMap {
    var base: UInt
    var name: UnsafePointer<CChar>?
    var dynamic: UnsafePointer<DynamicEntry>?
    var next: UnsafePointer<LinkMap>?
    var previous: UnsafePointer<LinkMap>?
  }
  private struct DynamicEntry {
    var tag: Int
    var value: UInt
  }

  /// The libraries that the plugin's file asks for (DT_NEEDED), with the files that the loader gave it.
  private func libraries() -> [PluginDeclaration.Library] {
    typealias Information = @convention(c) (UnsafeMutableRawPointer, Int32, UnsafeMutableRawPointer) -> Int32
    guard let symbol = dlsym(nil, "dlinfo") else { return [] }
    var map: UnsafePointer<LinkMap>?
    let linkMapRequest: Int32 = 2  // RTLD_DI_LINKMAP
    guard unsafeBitCast(symbol, to: Information.self)(handle, linkMapRequest, &map) == 0, let map,
      let dynamic = map.pointee.dynamic
    else { return [] }
    var files: [String: String] = [:]
    var first = map
    while let previous = first.pointee.previous { first = previous }
    for object in sequence(first: first, next: \.pointee.next) {
      if let path = object.pointee.name.map({ String(cString: $0) }), !path.isEmpty {
        files[Paths.last(path)] = Paths.real(path) ?? path
      }
    }
    let (end, needed, strings) = (0, 1, 5)  // DT_NULL, DT_NEEDED, DT_STRTAB
    let entries = sequence(first: dynamic) { $0 + 1 }.prefix { $0.pointee.tag != end }.map(\.pointee)
    guard
      let table = entries.first(where: { $0.tag == strings }).flatMap({ UnsafePointer<CChar>(bitPattern: $0.value) })
    else { return [] }
    return entries.filter { $0.tag == needed }.compactMap { entry in
      let name = String(cString: table + Int(entry.value))
      return files[name].map { .init(name: name, file: $0) }
    }
  }
}
