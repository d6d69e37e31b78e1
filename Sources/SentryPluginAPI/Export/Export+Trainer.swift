import CSentryPlugin

/// A trainer, and the texts and views that its caller may look at until the next call.
private final class TrainerExport: @unchecked Sendable {
  let trainer: any Trainer
  private let host: Host?
  var state = NamedTensorViews([])
  var text = OwnedCString("")
  var reason = OwnedCString("")
  var report = OwnedCString("")
  var profile = OwnedCString("{}")
  let extensions = Extensions()

  init(_ trainer: any Trainer, _ host: Host?) {
    (self.trainer, self.host) = (trainer, host)
    if trainer is any SplittingTrainer { extensions.offer(SENTRY_EXTENSION_TRAINER_SPLIT, exportSplit()) }
    if trainer is any CalibratingTrainer {
      extensions.offer(SENTRY_EXTENSION_TRAINER_CALIBRATION, exportCalibration())
    }
    if trainer is any TaskLossTrainer { extensions.offer(SENTRY_EXTENSION_TRAINER_LOSSES, exportLosses()) }
    if trainer is any Profiled { extensions.offer(SENTRY_EXTENSION_PROFILE, exportProfile()) }
  }

  /// The state as JSON; empty where JSON has no words for it. `save` has no error to fill, so the reason goes to the log.
  func savedText() -> String {
    do {
      return try JSON.text(trainer.save())
    } catch {
      host?.log(.error, "the trainer's state cannot be saved: \(JSON.sentence(error))")
      return ""
    }
  }
}

private typealias Context = Box<TrainerExport>

/// - Parameter host: told why, where a state cannot be saved.
func export(_ trainer: any Trainer, host: Host? = nil) throws -> UnsafeMutablePointer<sentry_trainer> {
  let size = MemoryLayout<sentry_trainer>.size
  let out = borderAllocate(size: size, sentry_trainer.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.context = Context(TrainerExport(trainer, host)).retained()
  out.pointee.destroy = { me in
    Context.release(me.pointee.context)
    me.deallocate()
  }
  out.pointee.begin = { me, model, run, error in
    guarded(error) {
      let this = Context.at(me.pointee.context)
      let run = try JSON.decode(RunSpecification.self, from: String(cString: run), what: "run")
      try this.trainer.begin(ImportedModel(borrowing: model), run: run)
      this.state = NamedTensorViews(this.trainer.state)
    }
  }
  out.pointee.begin_epoch = { me, epoch, error in
    guarded(error) { try Context.at(me.pointee.context).trainer.beginEpoch(Int(epoch)) }
  }
  out.pointee.step = { me, batch, result, error in
    guarded(error) { try write(Context.at(me.pointee.context).trainer.step(Batch(batch)), to: result) }
  }
  out.pointee.evaluate = { me, batch, result, error in
    guarded(error) { try write(Context.at(me.pointee.context).trainer.evaluate(Batch(batch)), to: result) }
  }
  out.pointee.end_epoch = { me, metrics, flags, reason, error in
    guarded(error) {
      let this = Context.at(me.pointee.context)
      var metrics = try JSON.decode([String: Double].self, from: String(cString: metrics), what: "metrics")
      guard let epoch = metrics.removeValue(forKey: "epoch") else {
        throw PluginError.invalid("metrics without an epoch")
      }
      let decision = try this.trainer.endEpoch(Int(epoch), metrics: metrics)
      flags.pointee = (decision.best ? SENTRY_EPOCH_BEST : 0) | (decision.stop ? SENTRY_EPOCH_STOP : 0)
      this.reason = OwnedCString(decision.reason ?? "")
      reason.pointee = decision.reason == nil ? nil : this.reason.pointer
    }
  }
  out.pointee.state_count = { Int64(Context.at($0.pointee.context).state.count) }
  out.pointee.state = { me, index, out, error in
    guarded(error) { try Context.at(me.pointee.context).state.fill(out, at: index) }
  }
  out.pointee.save = { me in
    let this = Context.at(me.pointee.context)
    this.text = OwnedCString(this.savedText())
    return this.text.pointer
  }
  out.pointee.restore = { me, text, error in
    guarded(error) {
      try Context.at(me.pointee.context).trainer.restore(
        JSON.decode(from: String(cString: text), what: "trainer state"))
    }
  }
  out.pointee.get_extension = { me, id in Context.at(me.pointee.context).extensions[id] }
  return out
}

private func exportSplit() -> UnsafeMutablePointer<sentry_trainer_split> {
  exportSplit { me, samples, error in
    guarded(error) {
      guard let trainer = Context.at(me.pointee.context).trainer as? any SplittingTrainer, samples > 0 else {
        throw PluginError.invalid("a batch cannot be split into parts of \(samples)")
      }
      try trainer.split(into: Int(samples))
    }
  }
}

private func exportLosses() -> UnsafeMutablePointer<sentry_trainer_losses> {
  let size = MemoryLayout<sentry_trainer_losses>.size
  let out = borderAllocate(size: size, sentry_trainer_losses.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.last = { me, count, sums, weights, error in
    guarded(error) {
      let losses = (Context.at(me.pointee.context).trainer as? any TaskLossTrainer)?.taskLosses ?? []
      guard losses.count == Int(count) else {
        throw PluginError.invalid("the caller counts \(count) tasks, the trainer has losses of \(losses.count)")
      }
      for (task, loss) in losses.enumerated() { (sums[task], weights[task]) = (loss.sum, loss.weight) }
    }
  }
  return out
}

private func exportProfile() -> UnsafeMutablePointer<sentry_profile> {
  exportProfile { object in
    let this = Context.at(object.assumingMemoryBound(to: sentry_trainer.self).pointee.context)
    this.profile = profileText((this.trainer as? any Profiled)?.takeProfile() ?? [:])
    return this.profile.pointer
  }
}

private func exportCalibration() -> UnsafeMutablePointer<sentry_trainer_calibration> {
  exportCalibration(
    wanted: { me in
      (Context.at(me.pointee.context).trainer as? any CalibratingTrainer)?.calibrates == true ? 1 : 0
    },
    calibrate: { me, fitting, judging, report, error in
      guarded(error) {
        let this = Context.at(me.pointee.context)
        guard let trainer = this.trainer as? any CalibratingTrainer else {
          throw PluginError("the trainer does not calibrate", code: SENTRY_UNSUPPORTED)
        }
        let result = try trainer.calibrate(fitting: Answers(fitting), judging: Answers(judging))
        this.report = OwnedCString(try JSON.text(result))
        report.pointee = this.report.pointer
      }
    })
}

extension Batch {
  fileprivate init(_ raw: UnsafePointer<sentry_batch>) throws {
    guard raw.pointee.struct_size >= SENTRY_BATCH_SIZE_1_0 else {
      throw PluginError.invalid("sentry_batch.struct_size is \(raw.pointee.struct_size)")
    }
    let (inputs, targets) = try (
      withUnsafePointer(to: raw.pointee.inputs) { try Tensor(unowned: $0) },
      withUnsafePointer(to: raw.pointee.targets) { try Tensor(unowned: $0) }
    )
    self.init(
      epoch: Int(raw.pointee.epoch), step: Int(raw.pointee.step), seed: raw.pointee.seed, inputs: inputs,
      targets: targets)
  }
}

private func write(_ result: StepResult, to out: UnsafeMutablePointer<sentry_step>) throws {
  let tasks = Int(out.pointee.task_count)
  guard out.pointee.struct_size >= SENTRY_STEP_SIZE_1_0, result.correct.count == tasks, result.labelled.count == tasks
  else {
    throw PluginError.invalid("the caller counts \(tasks) tasks, the trainer \(result.correct.count)")
  }
  out.pointee.loss = result.loss
  out.pointee.loss_weight = result.lossWeight
  out.pointee.gradient_norm = result.gradientNorm
  out.pointee.learning_rate = result.learningRate
  for task in 0..<tasks {
    out.pointee.correct?[task] = Int64(result.correct[task])
    out.pointee.labelled?[task] = Int64(result.labelled[task])
    if result.logits.indices.contains(task) { out.pointee.logits?[task] = result.logits[task].exported() }
  }
}
