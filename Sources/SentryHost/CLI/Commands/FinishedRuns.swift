import ArgumentParser
import Logging
import SentryInference
import SentryPluginAPI
import SentryRuntime
import SentryTraining

/// Evaluates finished runs, compares them, and writes what came of it: the second half of `compare`, and `runs compare --output`.
struct FinishedRuns {
  /// The options of a run that an evaluation takes.
  static let takes: Set = ["data", "output", "workers", "threads", "batch-size", "skip-bad", "seed", Device.option]

  private let registry: Registry
  private let options: EvaluationPlan.Options
  private let data: String?
  private let folder: String
  private let threads, draws: Int

  /// - Parameters:
  ///   - given: flags of runs, of which those in ``takes`` count.
  ///   - comparison: on which split, and how.
  init(given: [RunRequest.Flag], _ comparison: ComparisonOptions, _ registry: Registry) throws {
    let resolver = OptionResolver(holders: [.run: OptionHolder(title: "the run", schema: try RunOptions.schema())])
    var values = try resolver.values(of: given.map(\.assignment), .run)
    let folder = given.text(of: "output") ?? CompareOptions.folder
    values["output"] = .string(folder)
    let run = try RunOptions(values)
    try run.check()
    registry.device = run.device
    (self.registry, self.folder) = (registry, Paths.withoutEndingSlash(folder))
    (data, threads, draws) = (run.data, run.threads, comparison.draws)
    var options = EvaluationPlan.Options()
    options.split = comparison.split
    options.batchSize = run.batchSize
    options.workers = run.workers
    options.skipBad = run.skipBad
    options.seed = run.seed
    options.command = CommandLine.arguments
    self.options = options
  }

  /// - Parameter paths: run directories, and folders that hold some.
  func compare(_ paths: [String]) throws {
    try ComparisonFolder.check(folder)
    let search = try RunSearch(paths)
    for broken in search.broken { Console.error("note: \(broken.directory): \(broken.reason)\n") }
    try search.finish()
    let groups = try RunGroups(search.runs, schema: registry.schema)
    try HostState.shared.startExecutor(threads: threads)
    let models = try groups.groups.enumerated().map { index, group in
      ComparedModel(name: group.name, runs: try group.runs.map { try evaluate($0, search.runs) })
    }
    let comparison = try ModelComparison(
      models, remarks: groups.remarks, draws: draws, seed: options.seed, command: options.command)
    let warn: (PluginError) -> Void = {
      Logger.host.warning("\($0.message)\($0.hint.map { hint in "; \(hint)" } ?? "")")
    }
    let names = try mappingFormatErrors {
      try ComparisonReport(comparison, registry: registry, warn: warn).write(to: folder, warn: warn)
    }
    for note in comparison.notes { Console.error("note: \(note)\n") }
    Console.result(comparison.summary)
    Console.result("written:\n" + names.map { "  \(folder)/\($0)" }.joined(separator: "\n"))
  }

  private func evaluate(_ run: RunSummary, _ all: [RunSummary]) throws -> ComparedModel.Run {
    let label = ComparisonFolder.label(of: run.directory, among: all.map(\.directory))
    let evaluator = RunEvaluator(registry: registry, options: options, data: data)
    let evaluation = try mappingFormatErrors {
      try evaluator.evaluate(
        run, to: "\(folder)/\(ComparisonFolder.evaluations)/\(label)",
        isKnown: { Console.result($0 ? "evaluated already: \(label)" : "evaluating \(label)") },
        progress: { TerminalReporter.shared.evaluation(batches: $0) })
    }
    return ComparedModel.Run(run, label: label, evaluation: evaluation)
  }
}

extension Registry {
  /// The options of a component, where it is at hand.
  func schema(_ kind: String, _ name: String) -> OptionSchema? {
    ComponentKind(rawValue: kind).flatMap { find($0, name) }.flatMap { try? $0.schema() }
  }
}

/// The folder of a comparison.
enum ComparisonFolder {
  static let evaluations = "evaluations"

  /// Refuses a folder with what is not a comparison's: its files would be among others.
  static func check(_ folder: String) throws {
    let foreign = (try SystemFile.names(in: folder) ?? []).filter { name in
      ![evaluations, ComparisonTraining.folder].contains(name) && !ComparisonReport.isOwn(name) && !name.hasPrefix(".")
    }
    guard foreign.isEmpty else {
      throw PluginError.invalid(
        "\(folder) holds what is no comparison: \(foreign.prefix(4).joined(separator: ", "))\(foreign.count > 4 ? ", …" : "")",
        hint: "choose another --output")
    }
  }

  /// The folder of a run's evaluation: the end of the run's path, as long as it must be, as a file name.
  static func label(of directory: String, among all: [String]) -> String {
    let names = RunComparison.labels(all).map(FileName.safe)
    guard let index = all.firstIndex(of: directory) else { return FileName.safe(directory) }
    return names.count { $0 == names[index] } == 1 ? names[index] : "\(names[index])-\(index + 1)"
  }
}
