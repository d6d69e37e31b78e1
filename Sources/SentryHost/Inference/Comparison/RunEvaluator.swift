import Glibc
import SentryPluginAPI
import SentryRuntime

/// Evaluates the best models of runs, each into a folder of its own, and takes what is there already.
package struct RunEvaluator {
  private let registry: Registry
  private let options: EvaluationPlan.Options
  /// Data that stand in for those of the training.
  private let data: String?

  /// - Parameter options: their data are those of each run, unless a path is given.
  package init(registry: Registry, options: EvaluationPlan.Options, data: String?) {
    (self.registry, self.options, self.data) = (registry, options, data)
  }

  /// - Parameters:
  ///   - folder: gets evaluation.json, metrics.json and predictions.csv; replaces those of another evaluation.
  ///   - isKnown: whether an evaluation was there already, told before the first sample is read.
  ///   - progress: given the number of batches, what is to be called after each.
  package func evaluate(
    _ run: RunSummary, to folder: String, isKnown: (Bool) -> Void = { _ in },
    progress: (_ batches: Int) -> (_ done: Int) -> Void
  ) throws -> StoredEvaluation {
    let checkpoint = try Self.checkpoint(of: run)
    let trained = try TrainedModel(checkpoint, registry: registry)
    let clock = ForwardClock()
    var options = options
    options.data = .init(
      dataset: run.plan.dataset.name,
      data: data ?? run.plan.dataset.options[OptionSchema.pathOption]?.stringValue)
    options.clock = clock
    let plan = try EvaluationPlan(trained, options, registry: registry)
    let origin = try plan.origin
    if let stored = try? StoredEvaluation.read(in: folder), stored.origin == origin {
      isKnown(true)
      return stored
    }
    isKnown(false)
    let report = try plan.report(progress: progress(plan.batchCount))
    let result = report.result
    guard let dataset = plan.about.components.first(where: { $0.kind == ComponentKind.dataset.rawValue }) else {
      throw PluginError("the evaluation has no dataset")
    }
    let evaluation = StoredEvaluation(
      origin: origin, checkpoint: checkpoint, checkpointBytes: Self.byteCount(of: checkpoint), names: result.names,
      readFrom: "\(result.split)", indices: result.indices,
      tasks: result.tasks.map {
        .init(name: $0.task.name, classes: $0.task.classes, truth: $0.truth, predicted: $0.predicted)
      }, untrainedTasks: trained.untrainedTasks, skipped: result.skipped, notes: plan.about.notes,
      dataset: dataset.choice, size: ModelSize(of: trained.model, sample: clock.sampleShape),
      secondsPerSample: clock.secondsPerSample, batchSize: clock.batchSize,
      threads: HostState.shared.executor?.threadCount ?? 1, place: ModelPlace(of: trained.model))
    try SystemFile.makeFolder(folder)
    _ = try report.writeNumbers(to: folder)
    // The last: what it tells is there.
    try evaluation.write(to: folder)
    return evaluation
  }

  /// The best model of a run, or the last where none was best.
  private static func checkpoint(of run: RunSummary) throws -> String {
    let files = [run.plan.run.bestFile, run.plan.run.finalFile].map { "\(run.directory)/\($0)" }
    guard let file = files.first(where: { access($0, R_OK) == 0 }) else {
      throw PluginError.invalid(
        "\(run.directory) has no model: \(run.plan.run.bestFile) is missing", hint: "train the run again")
    }
    return file
  }

  private static func byteCount(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}

extension EvaluationPlan {
  var origin: StoredEvaluation.Origin {
    get throws {
      let components = try about.components.map { component in
        (
          component.kind,
          StoredEvaluation.Origin.Component(
            name: component.choice.name, sha256: component.choice.sha256,
            options: try JSON.text(component.choice.options))
        )
      }
      return StoredEvaluation.Origin(
        checkpointSHA256: about.checkpointSHA256, split: "\(about.split)", samples: sampleFingerprint,
        components: Dictionary(components) { first, _ in first })
    }
  }
}
