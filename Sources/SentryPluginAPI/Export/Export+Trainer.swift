import CSentryPlugin

private final class TrainerExport: Exported<any Trainer>, @unchecked Sendable {
  private let host: Host?
  var state = NamedTensorViews([])

  init(_ trainer: any Trainer, _ host: Host?) {
    self.host = host
    super.init(trainer)
  }

  /// The state as JSON; empty where JSON has no words for it. `save` has no error to fill, so the reason goes to the log.
  func savedText() -> String {
    do {
      return try JSON.text(value.save())
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
      try this.value.begin(ImportedModel(borrowing: model), run: run)
      this.state = NamedTensorViews(this.value.state)
    }
  }
  out.pointee.begin_epoch = { me, epoch, error in
    guarded(error) { try Context.at(me.pointee.context).value.beginEpoch(Int(epoch)) }
  }
  out.pointee.step = { me, batch, result, error in
    guarded(error) { try write(Context.at(me.pointee.context).value.step(Batch(batch)), to: result) }
  }
  out.pointee.evaluate = { me, batch, result, error in
    guarded(error) { try write(Context.at(me.pointee.context).value.evaluate(Batch(batch)), to: result) }
  }
  out.pointee.end_epoch = { me, metrics, flags, reason, error in
    guarded(error) {
      let this = Context.at(me.pointee.context)
      var metrics = try JSON.decode([String: Double].self, from: String(cString: metrics), what: "metrics")
      guard let epoch = metrics.removeValue(forKey: "epoch") else {
        throw PluginError.invalid("the metrics have no epoch")
      }
      let decision = try this.value.endEpoch(Int(epoch), metrics: metrics)
      flags.pointee = (decision.best ? SENTRY_EPOCH_BEST : 0) | (decision.stop ? SENTRY_EPOCH_STOP : 0)
      reason.pointee = decision.reason.map { this.lend($0, as: "reason") }
    }
  }
  out.pointee.state_count = { Int64(Context.at($0.pointee.context).state.count) }
  out.pointee.state = { me, index, out, error in
    guarded(error) { try Context.at(me.pointee.context).state.fill(out, at: index) }
  }
  out.pointee.save = { me in
    let this = Context.at(me.pointee.context)
    return this.lend(this.savedText(), as: "state")
  }
  out.pointee.restore = { me, text, error in
    guarded(error) {
      try Context.at(me.pointee.context).value.restore(
        JSON.decode(from: String(cString: text), what: "trainer state"))
    }
  }
  out.pointee.get_extension = { me, id in Context.at(me.pointee.context).offer(id, among: extensions) }
  return out
}

extension Component {
  public static func trainer(
    _ name: String, _ summary: String, options: [OptionDeclaration] = [],
    make: @escaping @Sendable (CreationContext) throws -> any Trainer
  ) -> Component {
    Component(SENTRY_KIND_TRAINER, name, summary, options, make) { component, host in
      .init(try export(component, host: host))
    }
  }
}

private let extensions: [ExtensionOffer<any Trainer>] = [
  ExtensionOffer(
    SENTRY_EXTENSION_TRAINER_SPLIT, size: MemoryLayout<sentry_trainer_split>.size,
    of: { $0 is any GradientAccumulating }
  ) { (table: UnsafeMutablePointer<sentry_trainer_split>) in
    table.pointee.set_size = { me, samples, error in
      guarded(error) {
        guard samples > 0 else { throw PluginError.invalid("a batch cannot be split into parts of \(samples)") }
        try Context.at(me.pointee.context).with((any GradientAccumulating).self).useMicroBatches(of: Int(samples))
      }
    }
  },
  ExtensionOffer(
    SENTRY_EXTENSION_TRAINER_CALIBRATION, size: MemoryLayout<sentry_trainer_calibration>.size,
    of: { $0 is any CalibratingTrainer }
  ) { (table: UnsafeMutablePointer<sentry_trainer_calibration>) in
    table.pointee.wanted = { me in
      (Context.at(me.pointee.context).value as? any CalibratingTrainer)?.calibrates == true ? 1 : 0
    }
    table.pointee.calibrate = { me, fitting, judging, report, error in
      guarded(error) {
        let this = Context.at(me.pointee.context)
        let trainer = try this.with((any CalibratingTrainer).self)
        let result = try trainer.calibrate(fitting: Answers(fitting), judging: Answers(judging))
        report.pointee = this.lend(try JSON.text(result), as: "calibration")
      }
    }
  },
  ExtensionOffer(
    SENTRY_EXTENSION_TRAINER_LOSSES, size: MemoryLayout<sentry_trainer_losses>.size, of: { $0 is any TaskLossTrainer }
  ) { (table: UnsafeMutablePointer<sentry_trainer_losses>) in
    table.pointee.last = { me, count, sums, weights, error in
      guarded(error) {
        let losses = try Context.at(me.pointee.context).with((any TaskLossTrainer).self).taskLosses
        guard losses.count == Int(count) else {
          throw PluginError.invalid("the caller passed \(count) tasks, but the trainer has losses of \(losses.count)")
        }
        for (task, loss) in losses.enumerated() { (sums[task], weights[task]) = (loss.sum, loss.weight) }
      }
    }
  },
  ExtensionOffer(
    SENTRY_EXTENSION_TRAINER_SHARE, size: MemoryLayout<sentry_trainer_share>.size, of: { $0 is any SharingTrainer }
  ) { (table: UnsafeMutablePointer<sentry_trainer_share>) in
    table.pointee.set = { me, first, rows, whole, error in
      guarded(error) {
        try Context.at(me.pointee.context).with((any SharingTrainer).self).useShare(
          BatchShare(first: Int(first), rows: Int(rows), whole: Int(whole)))
      }
    }
  },
  ExtensionOffer(
    SENTRY_EXTENSION_TRAINER_AVERAGE, size: MemoryLayout<sentry_trainer_average>.size,
    of: { $0 is any AveragingTrainer }
  ) { (table: UnsafeMutablePointer<sentry_trainer_average>) in
    table.pointee.keeps = { me in
      (Context.at(me.pointee.context).value as? any AveragingTrainer)?.keepsAverage == true ? 1 : 0
    }
    table.pointee.use = { me, average, error in
      guarded(error) {
        try Context.at(me.pointee.context).with((any AveragingTrainer).self).useAverage(average != 0)
      }
    }
  },
  profileOffer { Context.at($0.assumingMemoryBound(to: sentry_trainer.self).pointee.context).takeProfile() },
]

extension Answers {
  init(_ raw: UnsafePointer<sentry_answers>) throws {
    guard raw.pointee.struct_size >= SENTRY_ANSWERS_SIZE_1_0 else {
      throw PluginError.invalid("sentry_answers.struct_size is \(raw.pointee.struct_size)")
    }
    self.init(
      targets: try Tensor(unowned: raw.pointee.targets),
      logits: try (0..<Int(raw.pointee.task_count)).map { try Tensor(unowned: raw.pointee.logits[$0]) })
  }
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
    // Since 1.3.
    let soft = raw.pointee.struct_size >= SENTRY_BATCH_SIZE_1_3 ? raw.pointee.soft_targets : nil
    self.init(
      epoch: Int(raw.pointee.epoch), step: Int(raw.pointee.step), seed: raw.pointee.seed, inputs: inputs,
      targets: targets, softTargets: try soft.map(Tensor.init(unowned:)))
  }
}

private func write(_ result: StepResult, to out: UnsafeMutablePointer<sentry_step>) throws {
  let tasks = Int(out.pointee.task_count)
  guard out.pointee.struct_size >= SENTRY_STEP_SIZE_1_0, result.correct.count == tasks, result.labelled.count == tasks
  else {
    throw PluginError.invalid("the caller passed \(tasks) tasks, but the trainer has \(result.correct.count)")
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
