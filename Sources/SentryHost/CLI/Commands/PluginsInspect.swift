import ArgumentParser
import SentryPluginAPI
import SentryRuntime

struct PluginsInspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Shows a plugin, a component with its options, or a recipe.")

  @OptionGroup var global: GlobalOptions
  @Argument(help: "The name of a plugin, a component or a recipe.") var name: String
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    if name == OptionScope.run.rawValue {
      let schema = try RunOptions.schema()
      return Console.result(
        "the options of every run\n" + Self.table(schema, .run, Registry(try global.discover()).recipes))
    }
    let discovery = try global.discover()
    let registry = Registry(discovery)
    let components = registry.allEntries
    let plugins = discovery.reports.filter { $0.declaration?.name == name }
    let entries = components.filter { entry in
      entry.declaration.name == name || plugins.contains { $0.file == entry.file }
    }
    let recipes = registry.recipes.filter { recipe in
      recipe.name == name || plugins.contains { $0.declaration?.recipes.contains { $0.name == recipe.name } ?? false }
    }
    guard !entries.isEmpty || !plugins.isEmpty || !recipes.isEmpty else {
      if let left = registry.leftOut(name) { throw left }
      let names = components.map(\.declaration.name) + discovery.reports.compactMap(\.declaration?.name)
      throw registry.missing(
        ["a plugin, component or recipe '\(name)'"], near: name, among: names + registry.recipes.map(\.name))
    }
    let reports = discovery.reports.filter { report in
      plugins.contains { $0.file == report.file } || entries.contains { $0.file == report.file }
        || recipes.contains { recipe in
          report.declaration?.recipes.contains { $0.name == recipe.name } ?? false
            && !report.isShadowed("recipe", recipe.name)
        }
    }
    if json {
      var listing = PluginListing(discovery)
      listing.plugins = listing.plugins.filter { plugin in reports.contains { $0.file == plugin.file } }
      let described: [String: JSONValue] = [
        "components": .array(try entries.map { try Self.description($0, registry.recipes) }),
        "plugins": try JSON.decode(from: try JSON.text(listing.plugins), what: "plugins"),
        "recipes": try JSON.decode(from: try JSON.text(recipes), what: "recipes"),
      ]
      return Console.result(try JSON.text(described, pretty: true))
    }
    for report in reports { Console.result(Self.text(report)) }
    for entry in entries { Console.result(try Self.text(entry, registry.recipes)) }
    for recipe in recipes { Console.result(try recipe.text(registry)) }
  }

  private static func description(_ entry: Registry.Entry, _ recipes: [Recipe]) throws -> JSONValue {
    let stated = recipes.filter { $0.components[entry.kind] == entry.declaration.name }.map { recipe in
      (
        recipe.name,
        JSONValue.object(
          Dictionary(
            recipe.defaults.compactMap { address, value in
              let (scope, name) = address.splitAtDot
              return scope == entry.kind.rawValue ? (name, value) : nil
            }
          ) { first, _ in first })
      )
    }
    return [
      "kind": .string(entry.kind.rawValue), "name": .string(entry.declaration.name),
      "summary": .string(entry.declaration.summary), "plugin": .string(entry.plugin.name), "file": .string(entry.file),
      "options": entry.declaration.schema, "recipes": .object(Dictionary(stated) { first, _ in first }),
    ]
  }

  private static func text(_ report: PluginReport) -> String {
    let declared = report.declaration
    let rows = [
      ["plugin", "\(declared?.name ?? "?") \(declared?.version ?? "")"], ["", declared?.summary ?? ""],
      ["state", report.state.rawValue + (report.explanation.map { ", \($0)" } ?? "")], ["file", report.file],
      ["sha256", report.sha256 ?? "?"], ["border", declared?.border ?? "?"],
      ["calls", declared?.foreign.map { "\($0.file), sha256 \($0.sha256 ?? "?")" } ?? ""],
      ["libraries", (declared?.libraries ?? []).map { Paths.last($0.file) }.joined(separator: ", ")],
      ["recipes", (declared?.recipes ?? []).map(\.name).joined(separator: ", ")],
    ]
    return TextTable.text(rows.filter { !$0[1].isEmpty }) + "\n"
  }

  private static func text(_ entry: Registry.Entry, _ recipes: [Recipe]) throws -> String {
    let head = "\(entry.kind.rawValue) \(entry.declaration.name)\n  \(entry.declaration.summary)"
    let schema = try entry.schema()
    guard !schema.settable.isEmpty, let scope = OptionScope(rawValue: entry.kind.rawValue) else {
      return head + "\n  no options\n"
    }
    let users = recipes.filter { $0.components[entry.kind] == entry.declaration.name }
    return head + "\n" + table(schema, scope, users)
  }

  /// What may be set, and beside each default what recipes have in its place.
  private static func table(_ schema: OptionSchema, _ scope: OptionScope, _ recipes: [Recipe]) -> String {
    let rows = schema.settable.map { option -> [String] in
      var values = option.types.filter { $0 != .null }.map(\.rawValue).joined(separator: "|")
      if let choices = option.choices { values = choices.map { $0.stringValue ?? "?" }.joined(separator: "|") }
      if option.isPath || option.requiredFile != nil { values = "path" }
      let installed = option.requiredFile.map { "installed \($0.name)" }
      let fallback = installed ?? option.fallback.flatMap { try? JSON.text($0) } ?? "-"
      let stated = recipes.compactMap { recipe in
        ([option.name] + option.formerNames).lazy.compactMap { recipe.defaults["\(scope.rawValue).\($0)"] }.first
          .map { "\(recipe.name) \((try? JSON.text($0)) ?? "?")" }
      }
      return [
        "\(scope.rawValue).\(option.name)", values + option.range, fallback, stated.joined(separator: ", "),
        option.fullHelp,
      ]
    }
    let all = [["option", "value", "default", "recipes", ""]] + rows
    // Most components are no recipe's.
    let isStated = rows.contains { !$0[3].isEmpty }
    return TextTable.text(isStated ? all : all.map { Array($0[..<3] + $0[4...]) }, indent: "  ") + "\n"
  }
}

extension String {
  /// `trainer.lr` as `trainer` and `lr`.
  fileprivate var splitAtDot: (String, String) {
    guard let dot = firstIndex(of: ".") else { return (self, "") }
    return (String(self[..<dot]), String(self[index(after: dot)...]))
  }
}

extension OptionProperty {
  /// The bounds of a number: ` ≥ 0 ≤ 1`.
  var range: String {
    [("≥", minimum), (">", exclusiveMinimum), ("≤", maximum), ("<", exclusiveMaximum)].compactMap { sign, bound in
      bound.map { " \(sign) \(Self.text($0))" }
    }.joined()
  }
}
