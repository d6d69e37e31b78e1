import ArgumentParser
import Glibc
import SentryPluginAPI
import SentryRuntime
import SentryTraining

struct DataCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Reads every sample of a dataset and reports problems.",
    discussion: """
      Problems are samples that cannot be read or hold NaN, samples and groups (people, recordings) that are in several \
      splits, pictures of one split that are copies of another's (mirrored, turned, scaled, brighter or encoded anew), \
      identical samples with different labels, and samples without any label; with one of them the exit status is 1. \
      Warnings are repetitions within a split, label gaps, constant tasks, classes without training \
      or validation samples, and names that look like frames of recordings which other splits have, too.
      """)

  @OptionGroup var global: GlobalOptions

  @Argument(help: "The folder or file of the dataset, or a recording made with create-session.", completion: .directory)
  var path: String

  @Option(help: "The dataset that reads the path; default, or auto: the dataset that recognises it.")
  var dataset: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("An option of the dataset: option=value; repeatable.", valueName: "option=value"))
  var settings: [String] = []

  @Flag(help: "Compare only samples, not the files of the folder.") var samplesOnly = false

  @Flag(help: "Look for identical pictures alone, not for mirrored, turned, scaled or re-encoded copies.")
  var exactOnly = false

  @Flag(help: "Warnings count as problems.") var strict = false

  @Option(help: "Reader threads; 0: one per CPU core.") var threads = 0

  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    if !(0...1024).contains(threads) { throw ValidationError("--threads is \(threads) but must be 0 to 1024") }
  }

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let registry = Registry(try global.discover())
    let target = Paths.absolute(path, from: Paths.working)
    guard access(target, F_OK) == 0 else { throw PluginError.invalid("\(path): \(Paths.lastError)") }
    try HostState.shared.startExecutor(threads: threads)
    let signals = StopSignals()
    defer { withExtendedLifetime(signals) {} }
    if dataset == nil, let source = try recording(target, registry) { return try check(recording: target, by: source) }
    let named = dataset == Registry.autoDataset ? nil : dataset
    let entry = try registry.entry(.dataset, named ?? registry.recognise(target))
    let progress = WorkLine(.samples).progress
    var report = try DatasetCheck.run(
      try make(entry, target, registry), path: path, name: entry.declaration.name, seeksNearCopies: !exactOnly,
      progress: progress)
    if !samplesOnly, SystemFile.isFolder(target) {
      report.files = try FileDuplicates.summary(of: target, progress: progress)
    }
    Console.result(json ? try JSON.text(report, pretty: true) : report.text)
    if report.findings.contains(where: { strict || $0.level == .problem }) { throw ExitCode(Failure.failed) }
  }

  private func make(_ entry: Registry.Entry, _ target: String, _ registry: Registry) throws -> any Dataset {
    let schema = try entry.schema()
    guard schema.properties[OptionSchema.pathOption]?.isPath == true else {
      throw PluginError.invalid("\(entry.title) reads no files", hint: "choose another --dataset")
    }
    let resolver = OptionResolver(holders: [.dataset: OptionHolder(title: entry.title, schema: schema)])
    let assignments = try settings.map { text in
      let scoped = text.prefix { $0 != "=" }.contains(".") ? text : "\(OptionScope.dataset.rawValue).\(text)"
      return try OptionAssignment.setting(scoped)
    }
    try resolver.checkScopes(assignments)
    var values = try resolver.resolve(.dataset, resolver.current(assignments))
    values[OptionSchema.pathOption] = .string(target)
    if schema.properties["seed"]?.isHostFilled == true { values["seed"] = 42 }
    return try registry.make(try registry.choice(entry, options: values), as: ImportedDataset.self)
  }

  /// The source whose template the folder is, if it is one.
  private func recording(_ target: String, _ registry: Registry) throws -> ImportedPreparer? {
    for entry in registry.entries(.source) where entry.declaration.scoresPaths {
      guard let score = try registry.score(of: target, by: entry), score >= 50 else { continue }
      let catalogue = try SourceCatalogue(registry)
      let source = try catalogue.item(entry.declaration.name).source
      if source.hasTemplate { return source }
    }
    return nil
  }

  private func check(recording target: String, by source: ImportedPreparer) throws {
    let check = try source.checkTemplate(at: target)
    if json {
      Console.result(try JSON.text(check, pretty: true))
    } else {
      for note in check.notes { Console.result("note: \(note)") }
      for problem in check.problems { Console.result("problem: \(problem)") }
      Console.result(check.problems.isEmpty ? "no problem found" : NumberText.counted(check.problems.count, "problem"))
    }
    if !check.problems.isEmpty { throw ExitCode(Failure.failed) }
  }
}
