import CSentryPlugin
import Logging
import SentryPluginAPI
import SentryRuntime

/// The sources that plugins offer, made with their default options.
final class SourceCatalogue {
  struct Item {
    var registered: Registry.Entry
    var source: ImportedPreparer
    var entry: CatalogEntry { source.entry }
  }

  let registry: Registry
  let items: [Item]
  /// Sources that cannot be made here, such as one whose files are not installed; the others are not affected.
  let unavailable: [(registered: Registry.Entry, error: PluginError)]

  /// Loads every plugin that offers a source.
  init(_ registry: Registry) throws {
    self.registry = registry
    var (items, unavailable) = ([Item](), [(registered: Registry.Entry, error: PluginError)]())
    for registered in registry.entries(.source) {
      let source: ImportedPreparer
      do {
        source = try registry.make(try registry.choice(registered, options: try Self.options(of: registered, [])))
      } catch let error as PluginError where error.code != SENTRY_CANCELLED {
        unavailable.append((registered, error))
        continue
      }
      try Self.check(source.entry, registered)
      items.append(Item(registered: registered, source: source))
    }
    (self.items, self.unavailable) = (items, unavailable)
  }

  /// Tells which sources are missing, and why.
  func tellUnavailable() {
    for (registered, error) in unavailable {
      Logger.host.warning(
        "\(registered.title) is left out: \(error.message)\(error.hint.map { " (\($0))" } ?? "")")
    }
  }

  func item(_ name: String) throws -> Item {
    // A source has a name among components and a key among sets of data, which plugins write with - and with _.
    func spelling(_ name: String) -> String { name.lowercased().replacing("_", with: "-") }
    let exact = items.first { $0.entry.key == name || $0.registered.declaration.name == name }
    if let item = exact ?? items.first(where: { spelling($0.entry.key) == spelling(name) }) { return item }
    if let error = unavailable.first(where: { spelling($0.registered.declaration.name) == spelling(name) })?.error {
      throw error
    }
    let keys = items.map(\.entry.key)
    guard !keys.isEmpty else { throw registry.missing(["source '\(name)'"]) }
    throw PluginError.invalid("no source is called '\(name)'", hint: Suggestion.hint(for: name, among: keys))
  }

  /// The source with options of its own.
  func source(_ item: Item, _ assignments: [OptionAssignment], seed: Int) throws -> ImportedPreparer {
    let options = try Self.options(of: item.registered, assignments, seed: seed)
    return try registry.make(try registry.choice(item.registered, options: options))
  }

  private static func options(of registered: Registry.Entry, _ assignments: [OptionAssignment], seed: Int = 42) throws
    -> [String: JSONValue]
  {
    let schema = try registered.schema()
    let resolver = OptionResolver(holders: [.source: OptionHolder(title: registered.title, schema: schema)])
    try resolver.checkScopes(assignments)
    var values = try resolver.resolve(.source, resolver.current(assignments))
    if schema.properties["seed"]?.isHostFilled == true { values["seed"] = .integer(seed) }
    return values
  }

  /// What an entry says comes from outside: names of files must stay in their folder, addresses be of the web.
  private static func check(_ entry: CatalogEntry, _ registered: Registry.Entry) throws {
    func bad(_ what: String) -> PluginError {
      PluginError(
        "\(registered.title), \(registered.file): \(what)", hint: "the plugin must correct its catalogue entry")
    }
    guard isPlain(entry.key) else { throw bad("'\(entry.key)' is not a valid key: use letters, digits, - and _") }
    guard entry.access != .direct || !entry.files.isEmpty else { throw bad("direct access, but no files") }
    for file in entry.files {
      guard isPlain(file.name) else { throw bad("'\(file.name)' is not a valid file name") }
      let address = file.url.lowercased()
      guard address.hasPrefix("https://") || address.hasPrefix("http://") else {
        throw bad("'\(file.url)' is not an http or https address")
      }
      guard file.bytes.map({ $0 >= 0 }) ?? true else { throw bad("\(file.name) has \(file.bytes ?? 0) bytes") }
    }
  }

  private static func isPlain(_ name: String) -> Bool {
    guard let first = name.utf8.first, first != UInt8(ascii: "."), name.utf8.count <= 200 else { return false }
    return name.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || [45, 46, 95].contains(byte)
    }
  }
}
