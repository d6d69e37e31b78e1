import CSentryPlugin
import SentryPluginAPI
import SentryRuntime

extension TrainingRun {
  /// Trains the rest of the epoch under way; false when the user asked to stop, with the state saved where that can be.
  func trainEpoch() throws -> Bool {
    let pass = LoadingPass.training(sampler, epoch: progress.epoch, options: options, share: share)
    let loader = try begin(pass, firstBatch: progress.batch)
    defer { staging.withdraw() }
    var clock = EpochClock(environment.now())
    let (start, first) = (clock.start, progress.batch)
    while true {
      world.place = "epoch \(progress.epoch + 1), step \(progress.batch + 1)"
      var loaded: LoadedBatch?
      var isCancelled = world.size > 1 && environment.isCancelled()
      do {
        loaded = try timed("waiting for data") { try loader.next() }
        mendDescriptors()
        if loaded == nil { break }
      } catch let error as PluginError where error.code == SENTRY_CANCELLED {
        isCancelled = true
      }
      let shared = try shareNews(skipped: loaded?.skipped ?? [], isCancelled: isCancelled)
      guard !shared.isCancelled, let batch = loaded else {
        try saveState()
        return false
      }
      try world.alike { try register(shared.skipped) }
      let result: StepResult
      do {
        noteStep(begins: true)
        result = try timed(Self.stepPart) {
          try step(
            Batch(
              epoch: progress.epoch, step: progress.step, seed: stepSeed(batch: batch.index), inputs: batch.inputs,
              targets: batch.targets, softTargets: batch.softTargets), of: batch)
        }
        noteStep(begins: false)
      } catch let error as PluginError where error.code == SENTRY_CANCELLED && world.size == 1 {
        // The update may be half done: the state from before stays the one to resume from. Among several processes it is an error: the
        // others wait for this one's sums.
        return false
      }
      try world.alike { try checkFinite(result, batch: batch.index) }
      progress.sums.add(result)
      progress.learningRate = result.learningRate
      progress.batch = batch.index + 1
      progress.step += 1
      progress.trainedImages += world.size > 1 ? options.batchSize : batch.count
      let seconds = clock.lap(environment.now())
      progress.trainingSeconds += seconds
      progress.epochSeconds += seconds
      environment.reporter.step(
        StepReport(
          phase: .training, epoch: progress.epoch + 1, epochs: options.epochs, batch: progress.batch,
          batches: steps.perEpoch, images: (progress.batch - first) * options.batchSize, seconds: clock.now - start,
          firstBatch: first, loss: progress.sums.meanLoss, accuracy: progress.sums.accuracy(over: scoredTasks),
          tasks: taskAccuracies(progress.sums)))
      if world.size == 1, environment.isCancelled() {
        try saveState()
        return false
      }
      if let last = lastSave, environment.now() - last.time >= Double(options.stateSeconds) { try saveState() }
    }
    return true
  }

  /// Evaluates the validation data; nil when the user asked to stop. Validation leaves no trace in the state: a run that is
  /// interrupted here repeats it.
  /// - Parameters:
  ///   - divided: each process takes its part of the samples, and the sums are those of all; else this one takes all.
  ///   - body: sees every batch that this process read, with what came of it.
  func validate(
    divided: Bool = true, _ body: (LoadedBatch, StepResult) throws -> Void = { _, _ in }
  ) throws -> EpochSums? {
    world.place = "the validation of epoch \(progress.epoch + 1)"
    let (count, divides) = (partition.validation.count, divided && world.size > 1)
    let part = divides ? count * world.rank / world.size..<count * (world.rank + 1) / world.size : nil
    let pass = LoadingPass.validation(
      partition.validation, part, batchSize: largestShare, epoch: progress.epoch, options: options)
    let loader = try begin(pass)
    defer { staging.withdraw() }
    var skipped: [SkippedSample] = []
    var isCancelled = false
    var sums = EpochSums(tasks: tasks.count)
    let clock = EpochClock(environment.now())
    var images = 0
    // Times of a validation that is repeated are counted once.
    do {
      while let batch = try loader.next() {
        if divides { skipped += batch.skipped } else { try register(batch.skipped) }
        if batch.count > 0 {
          let result = try evaluate(
            Batch(
              epoch: progress.epoch, step: progress.step, seed: 0, inputs: batch.inputs, targets: batch.targets,
              softTargets: batch.softTargets), of: batch)
          sums.add(result)
          try body(batch, result)
        }
        images += batch.count
        environment.reporter.step(
          StepReport(
            phase: .validation, epoch: min(progress.epoch + 1, options.epochs), epochs: options.epochs,
            batch: batch.index + 1,
            batches: pass.batchCount, images: images, seconds: environment.now() - clock.start, firstBatch: 0,
            loss: sums.meanLoss, accuracy: sums.accuracy(over: scoredTasks), tasks: taskAccuracies(sums)))
        if environment.isCancelled(), batch.index + 1 < pass.batchCount {
          isCancelled = true
          break
        }
      }
    } catch let error as PluginError where error.code == SENTRY_CANCELLED {
      isCancelled = true
    }
    if divides {
      let shared = try shareNews(skipped: skipped, isCancelled: isCancelled)
      isCancelled = shared.isCancelled
      try world.alike { try register(shared.skipped) }
      var values = sums.summands
      try world.sum(&values, of: "the sums of the validation")
      sums = EpochSums(summed: values, tasks: tasks.count)
    }
    if isCancelled {
      try saveStateOfEpoch()
      return nil
    }
    progress.epochSeconds += environment.now() - clock.start
    return sums
  }

  /// Takes the results of an epoch into history, asks the trainer, and writes what is due. The state comes last: a run that is
  /// killed in here does this epoch's end again, and writes the same bytes.
  /// - Parameter validation: nil for an epoch without one.
  func endEpoch(_ validation: EpochSums?) throws {
    let number = progress.epoch + 1
    world.place = "the end of epoch \(number)"
    mendDescriptors()
    try compareTensors()
    let metrics = try world.alike {
      let metrics = try EpochMetrics(
        training: progress.sums, validation: validation, tasks: tasks, scored: scoredTasks)
      for (name, value) in metrics.values where !value.isFinite { throw diverged(name, value) }
      return metrics
    }
    let decision =
      options.judges(progress.epoch)
      ? try components.trainer.endEpoch(progress.epoch, metrics: metrics.values)
      : EpochDecision(best: false, stop: false)
    progress.metrics.merge(environment.takeMetrics()) { _, new in new }
    var values = metrics.history(
      learningRate: progress.learningRate, reported: progress.metrics, warn: environment.reporter.warn)
    if let inputSize { values[History.size] = Double(inputSize) }
    progress.history.append(epoch: number, values, absent: metrics.absent)
    if decision.best { progress.best = .init(epoch: number, accuracy: metrics.values["val_acc"] ?? 0) }
    let speed = progress.trainingSeconds > 0 ? Double(progress.trainedImages) / progress.trainingSeconds : 0
    progress.timing.epoch.append(number)
    progress.timing.seconds.append(progress.epochSeconds)
    progress.timing.imagesPerSecond.append(speed)
    progress.timing.peakMemoryBytes.append(Machine.peakMemoryBytes)
    progress.timing.epochEnds?.append(Machine.secondsSinceStart)
    environment.reporter.epoch(
      EpochReport(
        epoch: number, epochs: options.epochs, values: values, seconds: progress.epochSeconds, imagesPerSecond: speed,
        isBest: decision.best, tasks: tasks.count > 1 ? tasks.map(\.name) : []))
    startNextEpoch()
    progress.ended = decision.stop || number == options.epochs
    if decision.stop, number < options.epochs { progress.stopReason = decision.reason ?? "the trainer ended the run" }
    try averaged { try write(best: decision.best) }
    // Between validations time decides, because an epoch of few samples is shorter than what saving takes.
    if validation != nil || progress.ended { try saveState() }
  }

  private func startNextEpoch() {
    progress.epoch += 1
    (progress.batch, progress.sums) = (0, EpochSums(tasks: tasks.count))
    (progress.metrics, progress.trainedImages) = ([:], 0)
    (progress.trainingSeconds, progress.epochSeconds) = (0, 0)
  }

  /// Once training has ended its state is saved, and the model may hold other values than the last.
  private func saveStateOfEpoch() throws {
    if !progress.ended { try saveState() }
  }

  /// Of several tasks, each one's; of one, nothing that the mean does not say.
  private func taskAccuracies(_ sums: EpochSums) -> [TaskAccuracy] {
    guard tasks.count > 1 else { return [] }
    return tasks.enumerated().map { TaskAccuracy(task: $1.name, percent: sums.accuracy(ofTask: $0)) }
  }

  /// Notes samples that were left out, each once, and stops the run where there are more than `--skip-bad` allows.
  private func register(_ skipped: [SkippedSample]) throws {
    for sample in skipped
    where !progress.skipped.contains(where: { $0.split == sample.split && $0.index == sample.index }) {
      guard progress.skipped.count < options.skipBad else {
        throw SampleReader.unreadable(sample.name, .badData(sample.reason), allowed: options.skipBad)
      }
      progress.skipped.append(sample)
      environment.reporter.warn(
        "skipped: \(sample.reason.contains(sample.name) ? "" : "\(sample.name): ")\(sample.reason)")
    }
  }

  private func checkFinite(_ result: StepResult, batch: Int) throws {
    if !result.loss.isFinite { throw diverged("the loss", result.loss, batch: batch) }
    // A model that updates itself may tell the norm a step later, so once it is not known; not twice in a row.
    let isLate = result.gradientNorm.isNaN && components.model.updatesItself && !isNormLate
    isNormLate = isLate
    if !isLate, !result.gradientNorm.isFinite { throw diverged("the gradient norm", result.gradientNorm, batch: batch) }
  }

  func diverged(_ what: String, _ value: Double, batch: Int? = nil) -> PluginError {
    PluginError(
      "\(what) is \(value.isNaN ? "NaN" : "infinite") in epoch \(progress.epoch + 1)"
        + "\(batch.map { ", batch \($0 + 1)" } ?? ""): training has diverged",
      hint: "lower the learning rate or check the inputs; the saved state in \(directory.path) is unchanged")
  }
}

/// Time as it passes between batches.
struct EpochClock {
  let start: Double
  private(set) var now: Double
  init(_ now: Double) { (start, self.now) = (now, now) }

  /// Seconds since the last call.
  mutating func lap(_ time: Double) -> Double {
    defer { now = time }
    return time - now
  }
}
