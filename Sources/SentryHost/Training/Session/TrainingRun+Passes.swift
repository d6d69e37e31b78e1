import CSentryPlugin
import SentryPluginAPI
import SentryRuntime

extension TrainingRun {
  /// The loader, at the beginning of a pass. It puts batches together in the model's memory where that lends some.
  func begin(_ pass: LoadingPass, firstBatch: Int = 0) throws -> Loader {
    let loader = try self.loader ?? makeLoader()
    self.loader = loader
    loader.start(pass, firstBatch: firstBatch)
    return loader
  }

  private func makeLoader() throws -> Loader {
    let model = components.model
    return try Loader(
      reader: reader, batchSize: largestShare, taskCount: tasks.count, workers: workers,
      memory: model.stagesInput ? { model.allocateInput($0, $1) } : nil)
  }

  /// Trains on a batch, and gives the next one to the model, where it takes inputs early and whole. Where memory runs out, batches go
  /// through the model in smaller parts from then on.
  func step(_ batch: Batch, of loaded: LoadedBatch) throws -> StepResult {
    while true {
      if (record.plan.run.microBatch ?? loaded.count) >= loaded.count {
        staging.announce(loaded, next: loader?.upcoming())
      }
      do {
        let result = try components.trainer.step(batch)
        // Without a label there may have been no pass.
        if result.lossWeight == 0 { staging.withdraw() }
        return result
      } catch let error as PluginError where error.code == SENTRY_NO_MEMORY {
        // It left no trace: the gradients of parts that went through before are replaced.
        staging.withdraw()
        try halveParts(of: loaded.count, after: error)
      }
    }
  }

  /// Lets the trainer judge a batch of validation, in parts of its own size where memory runs out: what trains is not split for it, and
  /// other processes need not know.
  func evaluate(_ batch: Batch, of loaded: LoadedBatch) throws -> StepResult {
    let rows = loaded.count
    let results = try validationParts.run(rows: rows, warn: environment.reporter.warn) { range in
      guard range.count < rows else {
        if (record.plan.run.microBatch ?? rows) >= rows { staging.announce(loaded, next: loader?.upcoming()) }
        do {
          let result = try components.trainer.evaluate(batch)
          if result.lossWeight == 0 { staging.withdraw() }
          return result
        } catch {
          staging.withdraw()
          throw error
        }
      }
      return try components.trainer.evaluate(batch.rows(range))
    }
    return try StepResult(ofParts: results)
  }

  /// - Throws: ``PluginError`` (no memory) where parts cannot be smaller.
  private func halveParts(of rows: Int, after error: PluginError) throws {
    let before = min(record.plan.run.microBatch ?? rows, rows)
    let size = try BatchParts.half(of: before, after: error)
    // Others would have to make as many parts as this process does, and wait for its sums in the middle of a step.
    guard world.size == 1 else {
      throw PluginError(
        "memory ran out with \(before) samples at once, and \(world.size) processes cannot split a batch in the middle of a run: "
          + error.message,
        hint: "start it anew with --micro-batch \(size), or --resume it with more processes, or with one, which splits",
        code: SENTRY_NO_MEMORY)
    }
    guard try components.trainer.useMicroBatches(of: size) else {
      throw PluginError(
        "memory ran out with \(before) samples, and trainer '\(plan.trainer.name)' cannot split a batch: \(error.message)",
        hint: "give --batch-size \(size)", code: SENTRY_NO_MEMORY)
    }
    environment.reporter.warn(
      "memory ran out with \(before) samples at once (\(error.message)); from now on at most \(size) go through the model "
        + "at once: gradients are those of the whole batch, but batch norm statistics are those of a part")
    // A resumed run goes on in such parts.
    record.plan.run.microBatch = size
    record.memory?.microBatch = size
    try writeRecord()
  }
}

extension Batch {
  /// Some of its samples, over the same memory.
  fileprivate func rows(_ range: Range<Int>) -> Batch {
    Batch(
      epoch: epoch, step: step, seed: seed, inputs: inputs.rows(range), targets: targets.rows(range),
      softTargets: softTargets?.rows(range))
  }
}
