import CSentryPlugin

public final class ImportedTrainer: ImportedComponent, @unchecked Sendable {
  public static let kind = SENTRY_KIND_TRAINER
  let object: UnsafeMutablePointer<sentry_trainer>
  private var model: ImportedModel?
  private var taskCount = 0
  public let callee: Callee
  let extensions: Extensions

  public init(adopting object: UnsafeMutableRawPointer, as callee: Callee) throws {
    self.callee = callee
    try checkObject(object, atLeast: SENTRY_TRAINER_SIZE_1_0, "sentry_trainer")
    let object = object.assumingMemoryBound(to: sentry_trainer.self)
    self.object = object
    extensions = try Extensions(of: object)
  }
  deinit { callee.during("being destroyed") { object.pointee.destroy(object) } }

  /// The model crosses as the object it is, so that a model of one plugin meets the trainer of another without a copy.
  public func begin(_ model: ImportedModel, run: RunSpecification) throws {
    self.model = model
    taskCount = run.tasks.count
    let text = try JSON.text(run)
    try callee.call("beginning a run") { object.pointee.begin(object, model.object, text, $0) }
  }

  public func beginEpoch(_ epoch: Int) throws {
    try callee.call("beginning epoch", SamplePlace(epoch)) { object.pointee.begin_epoch(object, Int32(epoch), $0) }
  }

  public func step(_ batch: Batch) throws -> StepResult {
    try run(batch, "computing step", wantsLogits: false) { object.pointee.step(object, $0, $1, $2) }
  }

  public func evaluate(_ batch: Batch) throws -> StepResult {
    var result = try run(batch, "evaluating a batch of step", wantsLogits: true) {
      object.pointee.evaluate(object, $0, $1, $2)
    }
    result.taskLosses = try lastLosses(tasks: taskCount)
    return result
  }

  private func run(
    _ batch: Batch, _ what: StaticString, wantsLogits: Bool,
    _ call: (UnsafePointer<sentry_batch>, UnsafeMutablePointer<sentry_step>, UnsafeMutablePointer<sentry_error>) ->
      sentry_status
  ) throws -> StepResult {
    let (inputs, targets) = (TensorView(batch.inputs), TensorView(batch.targets))
    let soft = batch.softTargets.map(TensorView.init)
    var raw = sentry_batch()
    raw.struct_size = UInt32(SENTRY_BATCH_SIZE_1_3)
    (raw.epoch, raw.step, raw.seed) = (Int32(batch.epoch), Int64(batch.step), batch.seed)
    (raw.inputs, raw.targets) = (inputs.pointer.pointee, targets.pointer.pointee)
    raw.soft_targets = soft.map { UnsafePointer($0.pointer) }
    var correct = [Int64](repeating: 0, count: max(taskCount, 1))
    var labelled = correct
    var logits = [UnsafeMutablePointer<sentry_managed_tensor>?](repeating: nil, count: max(taskCount, 1))
    var out = sentry_step()
    try withExtendedLifetime((inputs, targets, soft)) {
      try correct.withUnsafeMutableBufferPointer { correct in
        try labelled.withUnsafeMutableBufferPointer { labelled in
          try logits.withUnsafeMutableBufferPointer { logits in
            out.struct_size = UInt32(SENTRY_STEP_SIZE_1_0)
            out.task_count = UInt32(taskCount)
            (out.correct, out.labelled) = (correct.baseAddress, labelled.baseAddress)
            out.logits = wantsLogits ? logits.baseAddress : nil
            try callee.call(what, SamplePlace(batch.step)) { call(&raw, &out, $0) }
          }
        }
      }
    }
    return StepResult(
      loss: out.loss, lossWeight: out.loss_weight, gradientNorm: out.gradient_norm, learningRate: out.learning_rate,
      correct: correct.prefix(taskCount).map(Int.init), labelled: labelled.prefix(taskCount).map(Int.init),
      logits: wantsLogits ? try callee.judge(what) { try logits.prefix(taskCount).map(handedOver) } : [])
  }

  public func endEpoch(_ epoch: Int, metrics: [String: Double]) throws -> EpochDecision {
    var metrics = metrics
    metrics["epoch"] = Double(epoch)
    let text = try JSON.text(metrics)
    var flags: UInt32 = 0
    var reason: UnsafePointer<CChar>?
    try callee.call("ending epoch", SamplePlace(epoch)) { object.pointee.end_epoch(object, text, &flags, &reason, $0) }
    return EpochDecision(
      best: flags & SENTRY_EPOCH_BEST != 0, stop: flags & SENTRY_EPOCH_STOP != 0,
      reason: reason.map { String(cString: $0) })
  }

  public func state() throws -> [NamedTensor] {
    try callee.during("giving its state") {
      try namedTensors(count: object.pointee.state_count(object), of: callee) {
        object.pointee.state(object, $0, $1, $2)
      }
    }
  }

  /// - Throws: where the trainer cannot say its state; it has told why in the log.
  public func save() throws -> JSONValue {
    let state = try callee.during("giving its state") { try given(object.pointee.save(object), "the trainer's state") }
    guard !state.isEmpty else {
      throw PluginError(
        "the trainer returned no state to save", hint: "the reason is above; the previous state is kept for --resume")
    }
    return try JSON.decode(from: state, what: "the trainer's state")
  }

  public func restore(_ state: JSONValue) throws {
    let text = try JSON.text(state)
    try callee.call("restoring its state") { object.pointee.restore(object, text, $0) }
  }
}
