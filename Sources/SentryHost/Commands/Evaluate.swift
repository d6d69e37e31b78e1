import ArgumentParser
import Logging
import SentryPluginAPI

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures a trained model on data: numbers, pictures, a report.",
    discussion: """
      The kind of model, its classes, its input and how samples are prepared come from the checkpoint; the dataset is the training's \
      unless --dataset or the data say otherwise. Writes metrics.json, predictions.csv, pictures (PNG and SVG, drawn by gnuplot) and \
      report.html.

      Models give research indicators, never a diagnosis.
      """)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var options: EvaluateOptions
  @OptionGroup(title: "Options of the data") var flags: DatasetFlags

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let log = Logger(label: TerminalLog.hostLabel)
    var options = options
    if let data = flags.data {
      guard options.data == nil else {
        throw PluginError.invalid("--data is given in two ways", hint: "name the data once")
      }
      options.data = data
    }
    let signals = StopSignals()
    defer { withExtendedLifetime(signals) {} }
    let output = try EvaluationFolder(options.output, overwrite: options.overwrite)
    let registry = Registry(try CommandContext.shared.discovery ?? global.discover())
    try HostState.shared.startExecutor(threads: options.threads)
    let trained = try TrainedModel(options.model, registry: registry, recipe: options.recipe.name)
    if options.cpu { try trained.checkOnCPU() }

    let plan = try EvaluationPlan(trained, options, settings: flags.settings + options.settings, registry: registry)
    for note in trained.notes + plan.about.notes { log.warning("\(note)") }
    let report = try plan.report(TerminalReporter.shared)
    try output.clear()
    let names = try report.write(to: output.path) {
      log.warning("\($0.message)\($0.hint.map { hint in "; \(hint)" } ?? "")")
    }
    Console.result(EvaluationText.summary(report))
    Console.result("written:\n" + names.map { "  \(output.path)/\($0)" }.joined(separator: "\n"))
  }
}

/// Where an evaluation goes: earlier ones are not replaced by chance.
struct EvaluationFolder {
  let path: String

  init(_ path: String, overwrite: Bool) throws {
    self.path = Paths.withoutEndingSlash(path)
    let own = try (SystemFile.names(in: path) ?? []).filter(EvaluationReport.isOwn)
    guard own.isEmpty || overwrite else {
      throw PluginError.invalid(
        "\(path) holds an evaluation or a report: \(own.prefix(4).joined(separator: ", "))\(own.count > 4 ? ", …" : "")",
        hint: "give another --output, or --overwrite to replace it")
    }
  }

  /// Makes the folder, without the files of an earlier evaluation.
  func clear() throws {
    try SystemFile.makeFolder(path)
    for name in try SystemFile.names(in: path) ?? [] where EvaluationReport.isOwn(name) {
      try SystemFile.removeFile("\(path)/\(name)")
    }
  }
}
