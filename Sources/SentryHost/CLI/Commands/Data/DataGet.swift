import ArgumentParser
import CSentryPlugin
import SentryDownload
import SentryPluginAPI
import SentryRuntime
import SentryTraining

struct DataGet: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Downloads a dataset, or prints the steps to get it.",
    discussion: """
      Run the same command again to resume an interrupted download. A file gets its final name only when it is complete and \
      matches its checksum, if one is known.
      """)

  @OptionGroup var global: GlobalOptions

  @Argument(help: "The name of a dataset (see sentry data list), or all.") var name: String

  @Option(help: "The folder for raw data; each dataset gets its own folder in it.", completion: .directory)
  var output = "data/raw"

  @Option(
    help: ArgumentHelp(
      "A mirror to download from: files are at URL/SET/FILE.",
      discussion: "SENTRY_DATA_MIRROR sets it as well.", valueName: "url"))
  var mirror: String?

  @OptionGroup var network: NetworkFlags

  @Option(help: "How often an interrupted transfer is retried.") var retries = 4

  @Option(help: "Give up if the server sends less than 100 bytes per second for N seconds.")
  var stallTimeout = 30

  @Flag(help: "Download files again even if they exist.") var overwrite = false

  func validate() throws {
    if !(0...100).contains(retries) { throw ValidationError("--retries is \(retries) but must be 0 to 100") }
    if !(1...3600).contains(stallTimeout) {
      throw ValidationError("--stall-timeout is \(stallTimeout) but must be 1 to 3600 seconds")
    }
  }

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let catalogue = try SourceCatalogue(Registry(try global.discover()))
    if name == "all" { return try getAll(catalogue) }
    let entry = try catalogue.item(name).entry
    guard !entry.files.isEmpty else {
      Console.result(Self.instructions(entry, folder: folder(of: entry)))
      throw PluginError(
        "\(entry.key) cannot be downloaded automatically (access: \(entry.access.rawValue))",
        hint: "follow the steps above")
    }
    try get(entry)
  }

  private func getAll(_ catalogue: SourceCatalogue) throws {
    catalogue.tellUnavailable()
    let entries = catalogue.items.map(\.entry)
    var failures = catalogue.unavailable.map(\.error)
    for entry in entries where !entry.files.isEmpty {
      do {
        try get(entry)
      } catch let error as PluginError where error.code != SENTRY_CANCELLED {
        failures.append(error)
        Console.error("\(entry.key): \(error.message)\n")
      }
    }
    for entry in entries where entry.files.isEmpty {
      Console.result("\n" + Self.instructions(entry, folder: folder(of: entry)))
    }
    guard let first = failures.first else { return }
    throw PluginError("\(failures.count) of the sets could not be fetched (see above)", hint: first.hint)
  }

  private func folder(of entry: CatalogEntry) -> String { "\(output)/\(entry.key)" }

  private func get(_ entry: CatalogEntry) throws {
    let folder = folder(of: entry)
    try SystemFile.makeFolder(folder)
    if let licence = entry.licence { Console.error("\(entry.key): licence \(licence)\n") }
    var options = network.options
    (options.retries, options.stallSeconds, options.overwrite) = (retries, stallTimeout, overwrite)
    let line = WorkLine()
    let signals = StopSignals()
    defer { withExtendedLifetime(signals) { line.clear() } }
    let downloader = Downloader(options: options, environment: .shown(on: line))
    for file in entry.files {
      let path = "\(folder)/\(file.name)"
      let outcome = try downloader.fetch(
        Download(
          url: address(of: file, entry), path: path, bytes: file.bytes, md5: file.md5, sha256: file.sha256))
      line.clear()
      switch outcome {
      case .alreadyThere: Console.result("\(path): already there\(Self.assurance(file))")
      case .fetched(let bytes): Console.result("\(path): \(ByteCount.text(bytes))\(Self.assurance(file))")
      }
    }
    for step in entry.steps { Console.result(Self.filled(step, folder: folder)) }
    if entry.prepares {
      let raw = entry.files.count == 1 ? "\(folder)/\(entry.files[0].name)" : folder
      Console.result("next: sentry data prepare \(entry.key) \(raw) --output DIR")
    }
  }

  private func address(of file: CatalogEntry.File, _ entry: CatalogEntry) -> String {
    guard let mirror = mirror ?? Paths.environment("SENTRY_DATA_MIRROR") else { return file.url }
    return (mirror.hasSuffix("/") ? mirror : mirror + "/") + "\(entry.key)/\(file.name)"
  }

  private static func assurance(_ file: CatalogEntry.File) -> String {
    if file.sha256 != nil { return ", SHA-256 verified" }
    if file.md5 != nil { return ", MD5 verified" }
    return file.bytes == nil ? ", no checksum is known" : ", length verified; no checksum is known"
  }

  /// What a person has to do.
  static func instructions(_ entry: CatalogEntry, folder: String) -> String {
    var lines = ["\(entry.key): \(entry.title)" + (entry.licence.map { " (licence: \($0))" } ?? "")]
    for (number, step) in entry.steps.enumerated() { lines.append("  \(number + 1). \(filled(step, folder: folder))") }
    if entry.prepares { lines.append("  then: sentry data prepare \(entry.key) \(folder) --output DIR") }
    return lines.joined(separator: "\n")
  }

  /// `{folder}` in a step stands for where the raw data belong.
  private static func filled(_ step: String, folder: String) -> String { step.replacing("{folder}", with: folder) }
}
