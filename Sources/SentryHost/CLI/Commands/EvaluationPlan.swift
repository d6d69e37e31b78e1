import SentryInference
import SentryPluginAPI
import SentryRuntime
import SentryTraining

/// A trained model, the samples that it is to judge, and what is to be said of both.
struct EvaluationPlan {
  let about: EvaluationReport.About
  private let trained: TrainedModel
  private let dataset: ImportedDataset
  private let pass: EvaluationPass
  /// Of the run whose folder the model is in.
  private let history: History?

  /// Throws ``PluginError`` for whatever can be found wrong before the first sample is read.
  init(_ trained: TrainedModel, _ options: EvaluateOptions, settings: [String], registry: Registry) throws {
    self.trained = trained
    var notes: [String] = []
    let name = try Self.recognised(options, trained, registry, &notes)
    let choice = try trained.datasetChoice(
      .init(dataset: name, data: options.data, settings: settings), registry: registry)
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
    pass = try EvaluationPass(
      of: trained.model, over: split.samples, in: dataset, augmenter: try augmenter.map { try registry.make($0) },
      batchSize: options.batchSize, workers: options.workers, skipBad: options.skipBad)
    history = try SystemFile.text("\(folder)/\(RunDirectory.history)").map {
      try JSON.decode(from: $0, what: "\(folder)/\(RunDirectory.history)")
    }
    about = EvaluationReport.About(
      filePrefix: registry.recipes.first { $0.name == trained.recipe }?.evaluationPrefix ?? "",
      title: "Evaluation of \(Paths.last(trained.path)) on \(choice.name), \(split.split)",
      command: CommandLine.arguments, checkpoint: trained.path,
      checkpointSHA256: try FileIdentity.sha256(of: trained.path), epoch: trained.epoch,
      components: [("dataset", choice), ("augmenter", augmenter), ("model", trained.choice)].compactMap {
        kind, choice in
        choice.map { .init(kind: kind, choice: $0) }
      },
      split: split.split, splitChoseModel: split.choseModel, notes: notes + split.notes,
      dataNotes: dataset.specification.notes,
      untrainedTasks: trained.untrainedTasks,
      bootstrapSamples: options.intervalSamples, seed: options.seed)
  }

  /// Computes everything; writes nothing.
  func report(_ reporter: any TrainingReporter) throws -> EvaluationReport {
    let (start, batches) = (MonotonicClock.seconds(), pass.batchCount)
    var batch = 0
    let result = try EvaluationResult(pass, tasks: trained.tasks, dataset: "the dataset") { done in
      batch += 1
      reporter.step(
        StepReport(
          phase: .evaluation, epoch: 1, epochs: 1, batch: batch, batches: batches, images: done,
          seconds: MonotonicClock.seconds() - start, firstBatch: 0))
    }
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
    _ options: EvaluateOptions, _ trained: TrainedModel, _ registry: Registry, _ notes: inout [String]
  ) throws -> String? {
    guard options.dataset == nil, let data = options.data else { return options.dataset }
    guard let name = trained.dataset?.name else {
      let found = try registry.recognise(data)
      notes.append("The checkpoint does not name its dataset: \(data) is read as \(found).")
      return found
    }
    guard let entry = registry.find(.dataset, name), entry.declaration.scoresPaths,
      try registry.betterDataset(for: data, than: entry) != nil
    else { return nil }
    let found = try registry.recognise(data)
    notes.append("The model was trained on \(name), but \(data) looks like \(found) and is read as that.")
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

extension TrainedModel {
  /// Checks that the whole model is where `--cpu` wants it.
  func checkOnCPU() throws { try RunComponents.checkOnCPU(model, name: choice.name) }
}
