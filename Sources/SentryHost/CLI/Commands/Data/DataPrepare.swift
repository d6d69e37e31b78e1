import ArgumentParser
import SentryPluginAPI
import SentryRuntime
import SentryTraining

struct DataPrepare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare", abstract: "Converts raw data to a dataset for training.",
    discussion: """
      The output is written completely or not at all. sentry plugins inspect NAME shows the options of a source, including \
      the labels that it can derive; --set sets them.
      """)

  @OptionGroup var global: GlobalOptions

  @Argument(help: "The name of the dataset (see sentry data list).") var name: String

  @Argument(help: "The raw data: a file, a folder, or a zip archive of either.", completion: .directory) var raw: String

  @Option(help: "The folder of the dataset.", completion: .directory) var output: String

  @Option(help: "The seed of the split.") var seed = 42

  @Option(help: ArgumentHelp("The share of the data that is held out for validation.", valueName: "share"))
  var valFraction: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("An option of the source: option=value; repeatable.", valueName: "option=value"))
  var settings: [String] = []

  func validate() throws {
    if seed < 0 { throw ValidationError("--seed is \(seed) but must be at least 0") }
  }

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let catalogue = try SourceCatalogue(Registry(try global.discover()))
    let item = try catalogue.item(name)
    guard item.entry.prepares else {
      throw PluginError.invalid(
        "there is nothing to prepare for \(item.entry.key)",
        hint: item.entry.dataset.map { "its dataset reads the raw data directly: --dataset \($0) --data \(raw)" })
    }
    let source = try catalogue.source(item, try assignments(), seed: seed)
    let signals = StopSignals()
    defer { withExtendedLifetime(signals) {} }
    try HostState.shared.startExecutor(threads: 0)
    HostState.shared.seed = UInt64(seed)
    let target = Paths.absolute(output, from: Paths.working)
    let data = try RawData(Paths.absolute(raw, from: Paths.working), output: target)
    let report = try withExtendedLifetime(data) { try source.prepare(data.path, to: target) }
    for note in report.notes { Console.result("note: \(note)") }
    for (split, count) in report.samples.sorted(by: { $0.key < $1.key }) { Console.result("\(split): \(count)") }
    Console.result("written: \(output)")
    if let dataset = item.entry.dataset {
      let settings = try (report.datasetOptions ?? [:]).sorted { $0.key < $1.key }.map { name, value in
        " --set \(name)=\(try value.stringValue ?? JSON.text(value))"
      }
      Console.result("next: sentry data check \(output) --dataset \(dataset)\(settings.joined())")
    }
  }

  private func assignments() throws -> [OptionAssignment] {
    var all = try settings.map { text in
      let scoped = text.prefix { $0 != "=" }.contains(".") ? text : "\(OptionScope.source.rawValue).\(text)"
      return try OptionAssignment.setting(scoped)
    }
    if let valFraction {
      all.append(
        OptionAssignment(
          scope: .source, name: "val-fraction", value: .text(valFraction), source: .commandLine("--val-fraction"),
          folder: Paths.working))
    }
    return all
  }
}
