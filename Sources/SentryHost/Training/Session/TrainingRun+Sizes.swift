import SentryPluginAPI
import SentryRuntime

/// The size of inputs, where a schedule changes it between epochs.
extension TrainingRun {
  /// Brings the run to the size of an epoch: new components take the values of those before, as those of a resumed run take them from
  /// its state. So a run that is killed between two sizes goes on like one that was not. Exchanges nothing with other processes.
  /// - Parameter epoch: from 0.
  func useSize(of epoch: Int) throws {
    guard let size = options.sizeSchedule?.size(in: epoch), size != inputSize else { return }
    let (before, made) = (components, try remade(size))
    try withExtendedLifetime(before) {
      let (model, trainer) = (try modelTensors(), hasBegun ? try trainerTensors() : [])
      let state = hasBegun ? try before.trainer.save() : nil
      // Its memory may be the model's.
      loader = nil
      (components, inputSize, isNormLate) = (made, size, false)
      reader = try Self.reader(for: plan.run, made, partition, cache: reader.cache, clock: reader.clock)
      staging = InputStaging(made.model)
      try restoreModel(model)
      guard let state else { return }
      try joinTrainer()
      if let parts = record.plan.run.microBatch, parts < largestShare {
        _ = try made.trainer.useMicroBatches(of: parts)
      }
      try SavedState.restore(trainer, to: try made.trainer.state(), what: "trainer", through: made.model)
      try made.trainer.restore(state)
    }
  }

  /// The same on all ranks, at the beginning of the epoch under way.
  func beginSize() throws {
    guard let size = options.sizeSchedule?.size(in: progress.epoch), size != inputSize else { return }
    try world.agree(on: "the size of inputs") { try useSize(of: progress.epoch) }
    environment.reporter.note("inputs have the size \(size) from epoch \(progress.epoch + 1) on")
  }

  /// The model of the largest size and its input: what takes the most memory.
  func largest() throws -> (model: ImportedModel, input: TensorSpecification) {
    guard let largest = options.sizeSchedule?.largest, largest != inputSize else {
      return (components.model, reader.input)
    }
    let made = try remade(largest)
    return (made.model, try Self.reader(for: plan.run, made, partition).input)
  }

  private func remade(_ size: Int) throws -> RunComponents {
    guard let remake else {
      throw PluginError("nothing makes the components of another size", hint: "leave run.size-schedule out")
    }
    return try remake(try plan.sized(size), components.dataset)
  }

  /// The plan with the size that the components have now.
  var planNow: RunPlan { get throws { try inputSize.map { try plan.sized($0) } ?? plan } }

  /// More are not told one by one.
  private static let mostPhases = 6

  /// What the schedule means, for the user.
  func describeSizes() {
    guard let schedule = options.sizeSchedule, schedule.sizes.count > 1 else { return }
    let shown = schedule.phases.prefix(Self.mostPhases).map { phase in
      let (first, last) = (phase.epochs.lowerBound + 1, phase.epochs.upperBound)
      return "\(phase.size) in " + (first == last ? "epoch \(first)" : "epochs \(first) to \(last)")
    }
    let more = schedule.phases.count - shown.count
    let phases = shown + (more > 0 ? ["and \(more) more times another"] : [])
    environment.reporter.note(
      "the size of inputs is \(phases.joined(separator: ", ")); each epoch is validated at its own size; the best model is "
        + "chosen, and early stopping and reduce-on-plateau judge, by epochs of the size \(schedule.last.size) alone"
    )
  }
}
