import ArgumentParser
import SentryPluginAPI
import SentryRuntime

struct Plugins: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the plugins that were found, checks one, and begins new ones.",
    subcommands: [PluginsList.self, PluginsInspect.self, PluginsCheck.self, PluginsNew.self],
    defaultSubcommand: PluginsList.self)

  @OptionGroup var global: GlobalOptions
}

struct PluginsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Shows every file of the search path with its state and the reason for it.")

  @OptionGroup var global: GlobalOptions
  @Option(help: ArgumentHelp("Show only components of this kind, or recipes.", valueName: "kind")) var kind: OfferKind?
  @Flag(help: "Print JSON.") var json = false
  @Flag(help: "Probe every file again, quarantined ones too.") var probe = false

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    if probe { CrashRecord().clear() }
    let discovery = try global.discover(fresh: probe)
    var listing = PluginListing(discovery)
    if let kind { listing = listing.only(kind) }
    if json { return Console.result(try JSON.text(listing, pretty: true)) }
    for folder in discovery.search.folders {
      let plugins = listing.plugins.filter { $0.folder == folder.path }
      if kind == nil || !plugins.isEmpty { Console.result("\(folder)") }
      for plugin in plugins { Console.result(plugin.text) }
    }
    if let kind, listing.plugins.isEmpty { throw Registry(discovery).missing(["a \(kind.rawValue)"]) }
  }
}
