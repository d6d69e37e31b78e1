import Logging
import SentryPluginAPI

/// Finds components and recipes by name, and loads a plugin into this process when one of its components is wanted.
///
/// Used from the main thread alone, as the border asks of these calls.
package final class Registry {
  /// A component and the file that it comes from.
  package struct Entry {
    package var kind: ComponentKind
    package var declaration: PluginDeclaration.Component
    package var plugin: PluginDeclaration
    package var file: String
    /// What was checked; nil of what cannot be loaded.
    var files: PluginFiles?

    package var title: String { "\(kind.rawValue) '\(declaration.name)'" }

    package func checkedFiles() throws -> PluginFiles {
      guard let files else { throw PluginError("\(file) was not checked", hint: "run the command again") }
      return files
    }

    package func schema() throws -> OptionSchema {
      try OptionSchema(declaration.schema, what: "the schema of \(title)")
    }
  }

  package let discovery: Discovery
  /// Where the components that are made compute.
  package var device: Device
  private let log = Logger.host

  package init(_ discovery: Discovery, device: Device = .auto) { (self.discovery, self.device) = (discovery, device) }

  /// What can be used: shadowed ones are not among them.
  package func entries(_ kind: ComponentKind) -> [Entry] {
    discovery.reports.filter { $0.state == .usable }.flatMap { report -> [Entry] in
      guard let plugin = report.declaration else { return [] }
      return plugin.components.filter { $0.knownKind == kind && !report.isShadowed(kind.rawValue, $0.name) }
        .map { Entry(kind: kind, declaration: $0, plugin: plugin, file: report.file, files: report.files) }
    }.sorted { $0.declaration.name < $1.declaration.name }
  }

  /// Of every kind, in the order of the kinds.
  package var allEntries: [Entry] { ComponentKind.allCases.flatMap { entries($0) } }

  package func entry(_ kind: ComponentKind, _ name: String) throws -> Entry {
    if let entry = find(kind, name) { return entry }
    if let left = leftOut(kind, name) { throw left }
    throw missing(["\(kind.rawValue) '\(name)'"], near: name, among: entries(kind).map(\.declaration.name))
  }

  /// The error for a component of a plugin that is left out although it can be loaded; nil if no such plugin has it.
  package func leftOut(_ kind: ComponentKind, _ name: String) -> PluginError? {
    leftOut("\(kind.rawValue) '\(name)'") { $0.components.contains { $0.knownKind == kind && $0.name == name } }
  }

  /// The same for whatever of its plugins has a name.
  package func leftOut(_ name: String) -> PluginError? {
    ComponentKind.allCases.lazy.compactMap { self.leftOut($0, name) }.first ?? leftOutRecipe(name)
  }

  private func leftOutRecipe(_ name: String) -> PluginError? {
    leftOut("recipe '\(name)'") { $0.recipes.contains { $0.name == name } }
  }

  private func leftOut(_ title: String, offeredBy offers: (PluginDeclaration) -> Bool) -> PluginError? {
    discovery.reports.first { $0.state == .quarantined && $0.declaration.map(offers) == true }.map { report in
      PluginError(
        "\(title) is of \(report.file), which is left out" + (report.reason.map { ": \($0)" } ?? ""), hint: report.hint)
    }
  }

  package func find(_ kind: ComponentKind, _ name: String) -> Entry? {
    entries(kind).first { $0.declaration.name == name }
  }

  package var recipes: [Recipe] {
    discovery.reports.filter { $0.state == .usable }.flatMap { report in
      (report.declaration?.recipes ?? []).filter { !report.isShadowed("recipe", $0.name) }
    }.sorted { $0.name < $1.name }
  }

  package func recipe(_ name: String) throws -> Recipe {
    if let recipe = recipes.first(where: { $0.name == name }) { return recipe }
    if let left = leftOutRecipe(name) { throw left }
    throw missing(["recipe '\(name)'"], near: name, among: recipes.map(\.name))
  }

  /// The error for something that no plugin offers: what, where it was looked for, and what was wrong there.
  package func missing(_ what: [String], near word: String? = nil, among names: [String] = []) -> PluginError {
    let near = word.flatMap { Suggestion.nearest(to: $0, among: names) }
    return PluginError(
      "no plugin offers \(what.joined(separator: ", ")); looked in:\n\(discovery.account(onlyProblems: true))",
      hint: near.map { "did you mean '\($0)'?" }
        ?? (names.isEmpty ? "" : "there are: \(names.joined(separator: ", ")); ")
        + "name the folder that holds the plugins with --plugin-dir, or in SENTRY_PLUGIN_PATH")
  }

  /// The plugin, mapped into this process from now on.
  package func load(_ entry: Entry) throws -> LoadedPlugin {
    log.debug("loading \(entry.file)")
    do {
      return try LoadedPlugin.at(try entry.checkedFiles())
    } catch let error as PluginError {
      throw PluginError("\(entry.title), \(entry.file): \(error.message)", hint: error.hint, code: error.code)
    }
  }
}
