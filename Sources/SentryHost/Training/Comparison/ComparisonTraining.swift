import Logging
import SentryInference
import SentryPluginAPI
import SentryRuntime

/// The trainings of a comparison: every model with every seed, each an ordinary run in a folder of its own. With one seed all models
/// see the same batches in the same order, because these follow from the seed, the data and the options of the run alone.
package struct ComparisonTraining {
  package struct Training: Sendable, Equatable {
    package var model: String
    package var seed: UInt64
    package var directory: String
  }
  /// What became of one.
  package enum Step: Sendable {
    /// It was trained already.
    case known
    case trained
    /// The user asked to stop; the state is saved.
    case interrupted
  }
  /// The folder of the runs, in that of the comparison.
  package static let folder = "runs"

  private let registry: Registry
  private let requests: ComparisonRequests
  private let environment: SessionEnvironment
  /// In the order in which they are done: all models with the first seed, then with the next.
  package let trainings: [Training]

  /// - Throws: ``PluginError`` for models that no plugin offers, and for what cannot be asked of a comparison.
  package init(
    registry: Registry, request: RunRequest, models: [String], seeds: [UInt64], folder: String,
    environment: SessionEnvironment
  ) throws {
    (self.registry, self.environment) = (registry, environment)
    if let twice = models.first(where: { model in models.count { $0 == model } > 1 }) {
      throw PluginError.invalid(
        "--models names '\(twice)' twice", hint: "to compare settings of one model, train runs and name their folders")
    }
    requests = try ComparisonRequests(request, models: models.map { try registry.entry(.model, $0) })
    trainings = seeds.flatMap { seed in
      models.map { model in
        Training(
          model: model, seed: seed,
          directory: "\(folder)/\(Self.folder)/\(FileName.safe(model))-seed-\(seed)")
      }
    }
  }

  /// Whether each model can be trained, before any is: a misfit should not come to light after hours. Throws ``PluginError``.
  package func check(prepare: (RunOptions) throws -> Void) throws {
    for training in trainings where training.seed == trainings.first?.seed {
      _ = try plan(training, prepare)
    }
  }

  /// Trains one of them, goes on with one that was interrupted, and leaves a finished one as it is.
  /// - Throws: ``PluginError``, also where its folder has a run with other settings.
  package func run(_ training: Training, prepare: (RunOptions) throws -> Void) throws -> Step {
    let (wanted, components) = try plan(training, prepare)
    let names = try SystemFile.names(in: training.directory) ?? []
    guard names.contains(RunDirectory.record) else {
      // What is there is left of a run that was killed before it had a record; what is not a run's is refused.
      return try train(wanted, components, names.isEmpty ? .new : .overwrite)
    }
    let summary = try RunSummary(training.directory)
    try check(wanted, against: summary.plan, training)
    if summary.state == .finished || summary.state == .stoppedEarly { return .known }
    var recorded = try RunRecord.plan(at: training.directory)
    recorded.run.output = training.directory
    let resumption = RunResumption(registry: registry, recipe: nil, overrides: requests.resuming)
    let (plan, made) = try resumption.make(recorded, prepare: prepare)
    return try train(plan, made, .resume)
  }

  private func train(_ plan: RunPlan, _ components: RunComponents, _ mode: RunDirectoryMode) throws -> Step {
    if !Machine.forgetPeakMemory() {
      environment.reporter.note("the peak memory of this run counts what the runs before it held")
    }
    let session = TrainingSession(
      plan: plan, components: components, directory: mode, environment: environment, remake: registry.remakeComponents)
    return try session.run().exitCode == 0 ? .trained : .interrupted
  }

  private func plan(_ training: Training, _ prepare: (RunOptions) throws -> Void) throws -> (RunPlan, RunComponents) {
    let request = try requests.request(model: training.model, seed: training.seed, output: training.directory)
    let (plan, components) = try RunPlanner(registry: registry, request: request).make(prepare: prepare)
    try components.checkFit(plan)
    return (plan, components)
  }

  private func check(_ wanted: RunPlan, against recorded: RunPlan, _ training: Training) throws {
    // As run.json would have it: a number may be written as an integer.
    var wanted: RunPlan = try JSON.decode(from: JSON.text(wanted), what: "the plan of the run")
    // The memory may have decided on it.
    wanted.run.microBatch = wanted.run.microBatch ?? recorded.run.microBatch
    // So may the number of samples.
    wanted.run = wanted.run.lengthened(like: recorded.run)
    let differences = wanted.differences(from: recorded)
    guard differences.isEmpty else {
      throw PluginError.invalid(
        "\(training.directory) has a run with other settings: \(differences.joined(separator: "; "))",
        hint: "give the settings that the comparison began with, or another --output")
    }
  }
}
