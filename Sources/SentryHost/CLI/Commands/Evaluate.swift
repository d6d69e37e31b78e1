import ArgumentParser
import Logging
import SentryInference
import SentryPluginAPI
import SentryRuntime
import SentryTraining

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Evaluates a trained model: metrics, figures, a report.",
    discussion: """
      The checkpoint determines the model, its classes, its input and the preprocessing. The dataset is that of the training \
      unless --dataset or the data specify another one. Writes metrics.json, predictions.csv, figures (PNG and SVG, drawn by \
      gnuplot) and report.html.

      Models give research indicators, never a diagnosis.
      """)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var options: EvaluateOptions
  @OptionGroup(title: "Options of the data") var flags: DatasetFlags

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let log = Logger.host
    var options = options
    if let data = flags.data {
      guard options.data == nil else {
        throw PluginError.invalid("--data is given in two ways", hint: "name the data once")
      }
      options.data = data
    }
    for note in options.renamed { log.notice("\(note)") }
    let signals = StopSignals()
    defer { withExtendedLifetime(signals) {} }
    let output = OutputPlace(options.output)
    try EvaluationReport.checkFolder(output.path, overwrite: options.overwrite)
    let registry = Registry(
      try CommandContext.shared.discovery ?? global.discover(), device: options.use.place.choice)
    try HostState.shared.startExecutor(threads: options.threads)
    let use = try options.use.use(takingFrom: &options.settings)
    let trained = try TrainedModel(options.model, registry: registry, recipe: options.recipe.name, use: use)
    tellDevice(of: trained.model)

    let plan = try EvaluationPlan(trained, options.plan(settings: flags.settings), registry: registry)
    for note in trained.notes + plan.about.notes { log.warning("\(note)") }
    let report = try plan.report(progress: TerminalReporter.shared.evaluation(batches: plan.batchCount))
    for finding in report.findings { log.warning("\(finding)") }
    try EvaluationReport.clearFolder(output.place)
    let names = try report.write(to: output.place) {
      log.warning("\($0.message)\($0.hint.map { hint in "; \(hint)" } ?? "")")
    }
    Console.result(report.summary)
    Console.result("written:\n" + names.map { "  \(output.path)/\($0)" }.joined(separator: "\n"))
  }
}
