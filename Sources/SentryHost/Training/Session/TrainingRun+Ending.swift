import SentryPluginAPI
import SentryRuntime

extension TrainingRun {
  func finished() throws -> TrainingOutcome {
    guard try calibrate() else { return try interrupted() }
    try timed("writing checkpoints") { try directory.write(try checkpoint().pickle, to: directory.finalFile) }
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
      : lastSave.map { "epoch \($0.epoch + 1), after batch \($0.batch) of \(stepsPerEpoch)" } ?? "the beginning"
    environment.reporter.note(
      "interrupted; saved in \(directory.path): \(saved)\ncontinue with: sentry train \(plan.recipe.name) --resume \(directory.path)"
    )
    return try outcome(.interrupted)
  }

  private func outcome(_ ending: TrainingOutcome.Ending) throws -> TrainingOutcome {
    TrainingOutcome(
      ending: ending, epochs: progress.epoch, bestEpoch: progress.best?.epoch, bestAccuracy: progress.best?.accuracy,
      directory: directory.path,
      files: try SystemFile.names(in: directory.path)?.filter { $0 != RunDirectory.state } ?? [],
      skipped: progress.skipped)
  }

  /// Says what the run works on.
  func describeData() {
    describeSteps()
    for note in summary.notes { environment.reporter.note(note) }
    for (index, task) in summary.train.tasks.enumerated() {
      let balanced =
        index == sampler.task && sampler.quota != nil ? sampler.distribution(classes: task.classes.count) : nil
      environment.reporter.note(
        RunText.distribution(of: task, balanced: balanced, validation: summary.validation.tasks[index]))
      if !scoredTasks.contains(index) {
        environment.reporter.warn(
          "the task '\(task.name)' has at most one class in the training data: it is left out of the mean accuracy")
      }
    }
  }
}
