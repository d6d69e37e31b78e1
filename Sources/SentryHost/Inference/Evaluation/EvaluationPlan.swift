import SentryPluginAPI
import SentryRuntime

/// A trained model, the samples that it is to judge, and what is to be said of both.
package struct EvaluationPlan {
  /// What is asked of an evaluation.
  package struct Options: Sendable {
    /// What is evaluated on. Where no dataset is named it is the training's, unless the data look like another's.
    package var data = TrainedModel.DataRequest()
    /// nil: test where there is one, else validation.
    package var split: Split?
    package var batchSize = 64
    package var workers = 4
    package var skipBad = 0
    /// A set of views that the augmenter offers, over which probabilities are averaged; nil: each sample once, as in validation.
    package var views: String?
    package var bootstrapSamples = 1000
    package var seed: UInt64 = 42
    /// The words of the command, for the report.
    package var command: [String] = []
    /// Measures the model.
    package var clock: ForwardClock?

    package init() {}
  }

  package let about: EvaluationReport.About
  /// A number for which samples with which targets are to be judged.
  let sampleFingerprint: String
  private let trained: TrainedModel
  private let dataset: ImportedDataset
  /// One, or one for each view.
  private let passes: [EvaluationPass]
  /// Of the run whose folder the model is in.
  private let history: History?

  /// Throws ``PluginError`` for whatever can be found wrong before the first sample is read.
  package init(_ trained: TrainedModel, _ options: Options, registry: Registry) throws {
    self.trained = trained
    var notes: [String] = []
    var data = options.data
    data.dataset = try Self.recognised(data, trained, registry, &notes)
    let choice = try trained.datasetChoice(data, registry: registry)
    // Generated data depend on the seed of the run.
    if let seed = trained.dataset?.options["seed"]?.intValue, seed >= 0 { HostState.shared.seed = UInt64(seed) }
    dataset = try registry.make(choice)
    let title = "dataset '\(choice.name)'"
    for task in trained.tasks { _ = try EvaluationResult.column(of: task, in: dataset.specification.tasks, title) }

    let folder = Paths.folder(of: trained.path)
    let record = try Self.record(in: folder)
    let isTrainings = choice.name == trained.dataset?.name && Self.isSamePlace(choice, record)
    let run = isTrainings && record?.plan.dataset.name == choice.name ? record?.plan.run : nil
    let split = try EvaluationPass.Samples(
      options.split, of: dataset, title: title, isTrainings: isTrainings, run: run,
      // With --limit the run chose on a part of them.
      chosenOn: run != nil && run?.limit == nil ? record?.data.validation.fingerprint : nil)
    let augmenter = try trained.augmenterChoice(registry: registry)
    let made = try augmenter.map { try registry.make($0) as ImportedAugmenter }
    let views = try options.views.map { try ViewAveraging($0, of: made, title: trained.path) }
    let dataset = dataset
    let shown: [(any Augmenter)?] = views.map { $0.augmenters } ?? [made]
    passes = try shown.map { augmenter in
      var pass = try EvaluationPass(
        of: trained.asked, over: split.samples, in: dataset, augmenter: augmenter,
        batchSize: options.batchSize, workers: options.workers, skipBad: options.skipBad)
      pass.clock = options.clock
      return pass
    }
    sampleFingerprint = String(split.samples.fingerprint(0), radix: 16)
    history = try SystemFile.text("\(folder)/\(RunDirectory.history)").map {
      try JSON.decode(from: $0, what: "\(folder)/\(RunDirectory.history)")
    }
    about = EvaluationReport.About(
      filePrefix: registry.recipes.first { $0.name == trained.recipe }?.evaluationPrefix ?? "",
      title: "Evaluation of \(Paths.last(trained.path)) on \(choice.name), \(split.split)",
      command: options.command, checkpoint: trained.path,
      checkpointSHA256: try FileIdentity.sha256(of: trained.path), epoch: trained.epoch,
      components: [("dataset", choice), ("augmenter", augmenter), ("model", trained.choice)].compactMap {
        kind, choice in
        choice.map { .init(kind: kind, choice: $0) }
      },
      split: split.split, splitChoseModel: split.choseModel,
      notes: notes + split.notes + [views?.note].compactMap(\.self),
      dataNotes: dataset.specification.notes,
      untrainedTasks: trained.untrainedTasks, views: views?.set,
      bootstrapSamples: options.bootstrapSamples, seed: options.seed, place: ModelPlace(of: trained.model))
  }

  package var batchCount: Int { passes.reduce(0) { $0 + $1.batchCount } }

  /// Computes everything; writes nothing.
  ///
  /// - Parameter progress: called after each batch with the number of samples that are done.
  package func report(progress: (_ done: Int) -> Void) throws -> EvaluationReport {
    let result = try EvaluationResult(views: passes, tasks: trained.tasks, dataset: "the dataset", progress: progress)
    guard result.tasks.contains(where: { !$0.labelled.isEmpty }) else {
      throw PluginError.badData(
        "no sample of the split '\(about.split)' has a label", hint: "check the data's labels, or name another --split")
    }
    var report = EvaluationReport(result, about: about)
    report.tiles = try result.tiles(dataset)
    (report.history, report.bestEpoch) = (history, history?.bestEpoch)
    return report
  }

  /// Another name than the training's where the data look like another dataset's and none was named.
  private static func recognised(
    _ request: TrainedModel.DataRequest, _ trained: TrainedModel, _ registry: Registry, _ notes: inout [String]
  ) throws -> String? {
    guard request.dataset == nil, let data = request.data else { return request.dataset }
    guard let name = trained.dataset?.name else {
      let found = try registry.recognise(data)
      notes.append("The checkpoint does not name its dataset: \(data) is read as \(found).")
      return found
    }
    guard let entry = registry.find(.dataset, name), entry.declaration.scoresPaths,
      try registry.betterDataset(for: data, than: entry) != nil
    else { return nil }
    let found = try registry.recognise(data)
    notes.append("The model was trained on \(name), but \(data) looks like \(found) and is read as such.")
    return found
  }

  /// Of the run that left the checkpoint in this folder; nil where there is none.
  private static func record(in folder: String) throws -> RunRecord? {
    try SystemFile.text("\(folder)/\(RunDirectory.record)") == nil ? nil : RunRecord.read(at: folder)
  }

  /// Whether the data lie where the run had them; they may where nobody knows.
  private static func isSamePlace(_ choice: RunPlan.Choice, _ record: RunRecord?) -> Bool {
    guard let record, record.plan.dataset.name == choice.name else { return true }
    return choice.options[OptionSchema.pathOption] == record.plan.dataset.options[OptionSchema.pathOption]
  }
}
