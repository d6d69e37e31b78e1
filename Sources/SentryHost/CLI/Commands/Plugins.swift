import ArgumentParser
import SentryPluginAPI
import SentryRuntime

struct Plugins: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the plugins that were found.", subcommands: [PluginsList.self, PluginsInspect.self],
    defaultSubcommand: PluginsList.self)

  @OptionGroup var global: GlobalOptions
}

struct PluginsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Shows every file of the search path with its state and the reason for it.")

  @OptionGroup var global: GlobalOptions
  @Flag(help: "Print JSON.") var json = false
  @Flag(help: "Probe every file again, quarantined ones too.") var probe = false

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let discovery = try global.discover(fresh: probe)
    if json { return Console.result(try JSON.text(PluginListing(discovery), pretty: true)) }
    for folder in discovery.search.folders {
      Console.result("\(folder)")
      for report in discovery.reports where report.folder == folder { Console.result(Self.text(report)) }
    }
  }

  private static func text(_ report: PluginReport) -> String {
    var lines = ["  \(Paths.last(report.file)): \(report.state.rawValue)"]
    if let declaration = report.declaration { lines[0] += ", \(declaration.name) \(declaration.version)" }
    if let explanation = report.explanation { lines[0] += ", \(explanation)" }
    for component in report.declaration?.components ?? [] {
      let kind = component.knownKind?.rawValue ?? "\(component.kind), a kind that this host does not know"
      lines.append(
        "    \(kind) \(component.name)"
          + shadow(report, component.knownKind?.rawValue ?? component.kind, component.name))
    }
    for recipe in report.declaration?.recipes ?? [] {
      lines.append("    recipe \(recipe.name)" + shadow(report, "recipe", recipe.name))
    }
    return lines.joined(separator: "\n")
  }

  private static func shadow(_ report: PluginReport, _ kind: String, _ name: String) -> String {
    report.shadows.first { $0.kind == kind && $0.name == name }.map { ", shadowed by \($0.by)" } ?? ""
  }
}
