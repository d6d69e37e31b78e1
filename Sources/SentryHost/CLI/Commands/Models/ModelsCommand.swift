import ArgumentParser
import SentryDownload
import SentryPluginAPI
import SentryRuntime

struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "Lists and installs the model files that components need.",
    subcommands: [ModelsList.self, ModelsGet.self], defaultSubcommand: ModelsList.self)

  @OptionGroup var global: GlobalOptions
}

struct ModelsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the model files that components need, and which are installed.")

  @OptionGroup var global: GlobalOptions
  @Flag(help: "Print JSON with all details.") var json = false

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let listing = try ModelListing(Registry(try global.discover()))
    if json { return Console.result(try JSON.text(listing, pretty: true)) }
    guard !listing.files.isEmpty else { return Console.result("no component needs a model file") }
    Console.result(Self.table(listing))
    Console.result("\ninstalled in \(listing.folder ?? "no folder: HOME is not set")")
    if let advice = listing.advice { Console.result("\(advice) installs what is missing or damaged.") }
  }

  static func table(_ listing: ModelListing) -> String {
    let rows = listing.files.map { file in
      [
        file.group, file.name, ByteCount.text(file.bytes), file.state + (file.problem.map { ": \($0)" } ?? ""),
        file.components.map(\.title).joined(separator: ", "),
      ]
    }
    return TextTable.text([["group", "file", "size", "state", "needed by"]] + rows)
  }
}
