import SentryFormats
import SentryInference
import SentryPluginAPI
import SentryRuntime

extension TrainingRun {
  /// Calibration, the last files and the report are the leader's work; the others wait for its end.
  func finished() throws -> TrainingOutcome {
    let outcome = try world.agree(on: "the end of the leader's work", quietly: true) {
      world.isLeader ? try finishedAlone() : nil
    }
    // What becomes of the calibration is the leader's to say; the others only end.
    return try outcome ?? self.outcome(progress.stopReason.map(TrainingOutcome.Ending.stoppedEarly) ?? .finished)
  }

  private func finishedAlone() throws -> TrainingOutcome {
    let isCalibrated = try averaged {
      if let half = fittingHalf, try !CalibrationPass(self, half: half).calibrate() { return false }
      try timed("writing checkpoints") { try directory.write(try checkpoint().pickle, to: directory.finalFile) }
      return true
    }
    guard isCalibrated else { return try interrupted() }
    // Again, because a run that was killed before its last state was saved may have been ahead or behind.
    try directory.write(progress.history, to: RunDirectory.history)
    try directory.write(progress.timing, to: RunDirectory.timing)
    record.endSession(progress.stopReason.map { "stopped early: \($0)" } ?? "finished")
    try writeRecord()
    if environment.writesReport { writeReport() }
    if let profile = progress.timing.profile { environment.reporter.note(RunText.profile(profile)) }
    let outcome = try outcome(progress.stopReason.map(TrainingOutcome.Ending.stoppedEarly) ?? .finished)
    environment.reporter.note(RunText.summary(of: outcome))
    return outcome
  }

  func interrupted() throws -> TrainingOutcome {
    record.endSession("interrupted in \(progress.ended ? "the calibration" : place)")
    try writeRecord()
    if let profile = progress.timing.profile { environment.reporter.note(RunText.profile(profile)) }
    let saved =
      progress.ended
      ? "all epochs; the calibration is done again"
      : lastSave.map { "epoch \($0.epoch + 1), after batch \($0.batch) of \(steps.perEpoch)" } ?? "the beginning"
    environment.reporter.note(
      "interrupted; saved in \(directory.path): \(saved)\ncontinue with: sentry train \(plan.recipe.name) --resume \(directory.path)"
    )
    return try outcome(.interrupted)
  }

  private func outcome(_ ending: TrainingOutcome.Ending) throws -> TrainingOutcome {
    TrainingOutcome(
      ending: ending, epochs: progress.epoch, bestEpoch: progress.best?.epoch, bestAccuracy: progress.best?.accuracy,
      directory: directory.path,
      files: !world.isLeader
        ? [] : try SystemFile.names(in: directory.place)?.filter { $0 != RunDirectory.state } ?? [],
      skipped: progress.skipped)
  }

  /// Writes report.html: the run, and how its best model does on the validation data. What keeps it from being written is told
  /// and does not fail the run, whose results are safe by now. The model has the best weights afterwards.
  private func writeReport() {
    do {
      let evaluation = try evaluateBest()
      let report = RunReport(
        record: record, history: progress.history, timing: progress.timing, evaluation: evaluation)
      let page = try report.html { environment.reporter.warn($0.message + ($0.hint.map { "; \($0)" } ?? "")) }
      try environment.willWrite(directory.file(ReportPage.name))
      try AtomicFile.write(page, to: directory.file(ReportPage.name))
    } catch {
      let reason = (error as? PluginError)?.message ?? "\(error)"
      environment.reporter.warn("\(ReportPage.name) was not written: \(reason)")
    }
  }

  private func evaluateBest() throws -> EvaluationReport {
    // Its memory is for another one.
    loader = nil
    let file = directory.file(progress.best == nil ? directory.finalFile : directory.bestFile)
    guard let weights = try PyTorchFile.read(file)["model_state_dict"] else {
      throw PluginError.badData("\(file) has no model_state_dict")
    }
    try restoreModel(try weights.stateDict(file: file))
    let pass = try EvaluationPass(
      of: AskedModel(components.model), over: partition.validation, in: components.dataset,
      augmenter: components.augmenter,
      batchSize: [record.plan.run.microBatch, validationParts.largest].compactMap { $0 }.reduce(largestShare, min),
      workers: workers,
      skipBad: options.skipBad)
    let result = try EvaluationResult(
      pass, tasks: tasks, dataset: "the dataset", isCancelled: environment.isCancelled,
      progress: environment.reporter.evaluation(
        batches: pass.batchCount, epoch: progress.epoch, epochs: options.epochs, now: environment.now))
    let about = EvaluationReport.About(
      filePrefix: plan.recipe.evaluationPrefix ?? "", title: "", command: plan.command, checkpoint: file,
      checkpointSHA256: try FileIdentity.sha256(of: file), epoch: progress.best?.epoch, components: plan.components,
      split: .validation, splitChoseModel: true,
      notes: [
        "The numbers are of the validation data, which selected the model: on new data they are likely to be lower."
      ],
      untrainedTasks: record.data.constantTasks,
      bootstrapSamples: 1000, seed: options.seed)
    var report = EvaluationReport(result, about: about)
    report.tiles = try result.tiles(components.dataset)
    (report.history, report.bestEpoch) = (progress.history, progress.best?.epoch)
    return report
  }
}
