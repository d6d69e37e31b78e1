import SentryFormats
import SentryPluginAPI
import SentryRuntime

extension TrainingRun {
  /// Saves what `--resume` needs.
  func saveState() throws {
    guard world.isLeader else { return }
    mendDescriptors()
    // Else a metric of the first part of an epoch would be lost by an interruption.
    progress.metrics.merge(environment.takeMetrics().filter { $0.value.isFinite }) { _, new in new }
    try timed("saving the state") {
      try trained {
        let model = try modelTensors()
        if components.model.updatesItself { try checkFinite(model) }
        try StateStore(directory).save(
          SavedState(
            progress: progress, model: model, trainer: try trainerTensors(),
            trainerState: try components.trainer.save()))
      }
    }
    lastSave = (environment.now(), progress.epoch, progress.batch)
    adviseResuming()
  }

  /// Should a plugin end the process from now on, this is what the user can do.
  func adviseResuming() {
    guard world.isLeader else { return }
    HostGuard.advise(
      "what was saved is kept: sentry train \(plan.recipe.name) --resume \(ShellText.word(directory.path)) goes on from there"
    )
  }

  /// Before files are opened, which else would be written to as standard output.
  func mendDescriptors() {
    guard HostGuard.restoreDescriptors() else { return }
    environment.reporter.warn("a plugin closed standard input, output or error, which were opened again")
  }

  /// What is due at the end of an epoch.
  func write(best: Bool) throws {
    guard world.isLeader else { return }
    let isDue = options.checkpointEvery > 0 && progress.epoch % options.checkpointEvery == 0
    if best || isDue {
      try timed("writing checkpoints") {
        let checkpoint = try checkpoint().pickle
        if best { try directory.write(checkpoint, to: directory.bestFile) }
        if isDue { try directory.write(checkpoint, to: RunDirectory.checkpoint(epoch: progress.epoch)) }
      }
    }
    try directory.write(progress.history, to: RunDirectory.history)
    try directory.write(progress.timing, to: RunDirectory.timing)
    try timed("writing for TensorBoard") {
      try board?.write(epoch: progress.epoch, progress.history, progress.timing, isLast: progress.ended)
    }
    if record.skipped != progress.skipped || record.best != progress.best { try writeRecord() }
  }

  func writeRecord() throws {
    guard world.isLeader else { return }
    (record.skipped, record.best) = (progress.skipped, progress.best)
    try directory.write(record, to: RunDirectory.record)
  }

  /// Notes in run.json how the session failed. The error itself is thrown on, so that one of this writing adds nothing.
  func recordFailure(_ error: any Error) {
    record.endSession("failed: \(error)")
    try? writeRecord()
  }

  func checkpoint() throws -> Checkpoint {
    let plan = try planNow
    return Checkpoint(
      epoch: progress.epoch, model: try modelTensors(), trainer: try trainerTensors { !$0.isOfAverage },
      parameterGroups: try components.trainer.save()["param_groups"],
      trainable: components.model.parameters.filter { $0.role == .trainable }.map(\.name),
      bestAccuracy: progress.best?.accuracy, history: progress.history,
      about: .init(
        recipe: plan.recipe.name, model: plan.model.name, options: plan.model.options, tasks: tasks,
        untrainedTasks: record.data.constantTasks, input: reader.input,
        normalisation: components.augmenter?.specification.normalisation,
        dataset: .init(plan.dataset), augmenter: plan.augmenter.map(Checkpoint.About.Component.init),
        origin: components.dataset.specification.origin, calibration: progress.calibration?.final.report,
        live: try plan.recipe.live.map { try JSON.decode(from: try JSON.text($0), what: "live") },
        isAverage: usesAverage, place: ModelPlace(of: components.model)))
  }

  /// Where the norm comes a step late, the last update was not judged yet: it must not replace a state that is sound.
  private func checkFinite(_ tensors: SavedState.Tensors) throws {
    for (name, tensor) in tensors where tensor.dtype.isFloatingPoint {
      if let value = try tensor.floats().first(where: { !$0.isFinite }) { throw diverged(name, Double(value)) }
    }
  }

  /// Puts saved values into the model.
  func restoreModel(_ tensors: SavedState.Tensors) throws {
    try SavedState.restore(tensors, to: components.model.parameters, what: "model", through: components.model)
    try components.model.parametersChanged()
  }

  func modelTensors() throws -> SavedState.Tensors {
    try components.model.parameters.map { ($0.name, try $0.stored(through: components.model)) }
  }

  func trainerTensors(_ isWanted: (NamedTensor) -> Bool = { _ in true }) throws -> SavedState.Tensors {
    try components.trainer.state().filter(isWanted).map { ($0.name, try $0.stored(through: components.model)) }
  }
}
