import ArgumentParser
import SentryPluginAPI
import SentryRuntime

struct PluginsInspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Shows a plugin, or a component with its options.")

  @OptionGroup var global: GlobalOptions
  @Argument(help: "The name of a plugin or of a component.") var name: String
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let discovery = try global.discover()
    let registry = Registry(discovery)
    let components = ComponentKind.allCases.flatMap { registry.entries($0) }
    let plugins = discovery.reports.filter { $0.declaration?.name == name }
    let entries = components.filter { entry in
      entry.declaration.name == name || plugins.contains { $0.file == entry.file }
    }
    guard !entries.isEmpty || !plugins.isEmpty else {
      let names = components.map(\.declaration.name) + discovery.reports.compactMap(\.declaration?.name)
      throw registry.missing(["a plugin or component '\(name)'"], near: name, among: names)
    }
    let reports = discovery.reports.filter { report in
      plugins.contains { $0.file == report.file } || entries.contains { $0.file == report.file }
    }
    if json {
      var listing = PluginListing(discovery)
      listing.plugins = listing.plugins.filter { plugin in reports.contains { $0.file == plugin.file } }
      let described: [String: JSONValue] = [
        "components": .array(try entries.map { try Self.description($0) }),
        "plugins": try JSON.decode(from: try JSON.text(listing.plugins), what: "plugins"),
      ]
      return Console.result(try JSON.text(described, pretty: true))
    }
    for report in reports { Console.result(Self.text(report)) }
    for entry in entries { Console.result(try Self.text(entry)) }
  }

  private static func description(_ entry: Registry.Entry) throws -> JSONValue {
    [
      "kind": .string(entry.kind.rawValue), "name": .string(entry.declaration.name),
      "summary": .string(entry.declaration.summary), "plugin": .string(entry.plugin.name), "file": .string(entry.file),
      "options": entry.declaration.schema,
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

  private static func text(_ entry: Registry.Entry) throws -> String {
    let head = "\(entry.kind.rawValue) \(entry.declaration.name)\n  \(entry.declaration.summary)"
    let options = try entry.schema().settable
    guard !options.isEmpty else { return head + "\n  no options\n" }
    let rows = options.map { option -> [String] in
      var values = option.types.map(\.rawValue).joined(separator: "|")
      if let choices = option.choices { values = choices.map { $0.stringValue ?? "?" }.joined(separator: "|") }
      if option.isPath { values = "path" }
      let fallback = option.fallback.flatMap { try? JSON.text($0) } ?? "-"
      return ["\(entry.kind.rawValue).\(option.name)", values + option.range, fallback, option.help]
    }
    return head + "\n" + TextTable.text([["option", "value", "default", ""]] + rows, indent: "  ") + "\n"
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
