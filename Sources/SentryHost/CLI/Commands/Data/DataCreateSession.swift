import ArgumentParser
import SentryPluginAPI
import SentryRuntime

struct DataCreateSession: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create-session", abstract: "Creates a folder for your own recording: protocol, labels, notes.",
    discussion: "A plugin provides the contents; the README in the folder explains how to record and label.")

  @OptionGroup var global: GlobalOptions

  @Argument(help: "The folder to create.", completion: .directory) var folder: String

  @Option(help: ArgumentHelp("The length of the recording in seconds.", valueName: "seconds")) var duration: String

  @Option(help: "The source that provides the template, if several do.") var source: String?

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    guard let seconds = Double(duration), seconds.isFinite, seconds >= 1, seconds <= 86_400 else {
      throw PluginError.invalid("--duration is \(duration) but must be 1 to 86400 seconds")
    }
    let catalogue = try SourceCatalogue(Registry(try global.discover()))
    let report = try item(catalogue).source.createTemplate(
      at: Paths.absolute(folder, from: Paths.working), seconds: seconds)
    for note in report.notes { Console.result(note) }
    Console.result("written: \(folder)")
  }

  private func item(_ catalogue: SourceCatalogue) throws -> SourceCatalogue.Item {
    if let source {
      let item = try catalogue.item(source)
      guard item.source.hasTemplate else { throw PluginError.invalid("\(item.entry.key) has no template") }
      return item
    }
    let able = catalogue.items.filter(\.source.hasTemplate)
    guard let only = able.first else { throw catalogue.registry.missing(["a source with a template for recordings"]) }
    guard able.count == 1 else {
      throw PluginError.invalid(
        "several sources provide a template", hint: "--source \(able.map(\.entry.key).joined(separator: " or "))")
    }
    return only
  }
}
