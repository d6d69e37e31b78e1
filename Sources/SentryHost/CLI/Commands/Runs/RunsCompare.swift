import ArgumentParser
import SentryFormats
import SentryInference
import SentryPluginAPI
import SentryRuntime
import SentryTraining

struct RunsCompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compares the results and settings of runs.",
    discussion: """
      Reports runs that are not comparable because they were trained or validated on different samples. With --output, finished runs \
      are evaluated and tested against the first, as sentry compare does.
      """)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var options: RunsTableOptions

  @Option(
    help: ArgumentHelp(
      "Draw the curves of all runs to FILE.png and FILE.svg (with gnuplot).", valueName: "file"),
    completion: .file())
  var figure: String?

  @Option(
    help: ArgumentHelp(
      "Evaluate the runs and write comparison.json, comparison.csv and comparison.html to this folder.",
      valueName: "folder"),
    completion: .directory)
  var output: String?

  @Option(
    help: "With --output: the file or folder that the dataset reads, if it is not where it was.", completion: .file())
  var data: String?

  @OptionGroup(title: "Options with --output") var comparison: ComparisonOptions

  func validate() throws {
    let own = (options.runs.json ? ["json"] : []) + (options.csv ? ["csv"] : []) + (figure == nil ? [] : ["figure"])
    let others = comparison.given + (data == nil ? [] : ["data"])
    if output == nil, let other = others.first { throw ValidationError("--\(other) needs --output") }
    if output != nil, let other = own.first { throw ValidationError("--\(other) and --output exclude each other") }
  }

  /// What `sentry compare` does with runs.
  private func test(to output: String) throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let signals = StopSignals()
    defer { withExtendedLifetime(signals) {} }
    let flags = [RunRequest.Flag.named("output", .text(output)), data.flatMap { .named("data", .text($0)) }]
    let runs = options.runs.folders
    try FinishedRuns(given: flags.compactMap(\.self), comparison, Registry(global.discover()))
      .compare(runs.isEmpty ? RunSearch.usualFolders : runs)
  }

  func run() throws {
    if let output { return try test(to: output) }
    let search = try RunSearch.told(options.runs)
    guard search.runs.count > 1 else {
      throw PluginError.invalid(
        search.runs.isEmpty ? "there is no run to compare" : "there is only one run: \(search.runs[0].directory)",
        hint: "name two or more, or a folder that holds them")
    }
    let registry = Registry(try global.discover())
    let comparison = RunComparison(search.runs, schema: registry.schema)
    // The picture first: what is printed is the last word.
    if let figure { try draw(comparison, figure) }
    if options.runs.json {
      var members = comparison.json
      members["runs"] = .array(search.runs.map(\.json))
      members["broken"] = search.brokenJSON
      Console.result(try JSON.text(JSONValue.object(members), pretty: true))
    } else if options.csv {
      Console.result(RunTable.csv(search.runs))
    } else {
      Console.result(comparison.text)
    }
    if options.runs.json || options.csv {
      for obstacle in comparison.obstacles { Console.error("warning: not comparable: \(obstacle)\n") }
    }
    try search.finish()
  }

  private func draw(_ comparison: RunComparison, _ path: String) throws {
    let stem = [".png", ".svg"].contains { path.hasSuffix($0) } ? String(path.dropLast(4)) : path
    guard !Paths.last(stem).isEmpty, !stem.hasSuffix("/") else {
      throw PluginError.invalid("--figure \(path) is not a file name")
    }
    let curves = zip(comparison.labels, comparison.runs).map { (label: $0, history: $1.history) }
    guard let figure = RunCurvesFigure.figure(curves, name: Paths.last(stem)) else {
      throw PluginError.invalid("no run has an epoch to draw", hint: "leave --figure out")
    }
    let pictures = try [Gnuplot.Format.png, .svg].map { ($0, try Gnuplot().render(figure, .light, as: $0)) }
    try mappingFormatErrors {
      for (format, bytes) in pictures { try AtomicFile.write(bytes, to: "\(stem).\(format.rawValue)") }
    }
    for (format, _) in pictures { Console.error("written: \(stem).\(format.rawValue)\n") }
  }
}
