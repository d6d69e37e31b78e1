import ArgumentParser
import SentryPluginAPI
import SentryRuntime

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Finds, fetches, prepares and checks data.",
    subcommands: [DataList.self, DataGet.self, DataPrepare.self, DataCheck.self, DataCreateSession.self],
    defaultSubcommand: DataList.self)

  @OptionGroup var global: GlobalOptions
}

struct DataList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the known datasets with size, licence and access.")

  @OptionGroup var global: GlobalOptions
  @Flag(help: "Print JSON with all details.") var json = false

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let catalogue = try SourceCatalogue(Registry(try global.discover()))
    catalogue.tellUnavailable()
    let entries = catalogue.items.map(\.entry)
    if json { return Console.result(try JSON.text(entries, pretty: true)) }
    guard !entries.isEmpty else { throw catalogue.registry.missing(["a source of data"]) }
    let rows = entries.map { entry in
      [entry.key, entry.size ?? "-", entry.access.rawValue, entry.licence ?? "not stated", entry.bestFor]
    }
    Console.result(TextTable.text([["name", "size", "access", "licence", "best for"]] + rows))
    Console.result("\nsentry data get NAME downloads datasets with direct access and prints the steps for the others.")
  }
}
