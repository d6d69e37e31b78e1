import CSentryPlugin
import SentryPluginAPI
import SentryRuntime

extension TrainingRun {
  /// Compares what a batch takes with the memory that there is, before the first step: says where it would not fit, splits
  /// it, and lends the sample cache what is left.
  ///
  /// - Parameter resuming: the run goes on with the parts that it began with, as others would change its results.
  func planMemory(resuming: Bool) throws {
    let plan = try memoryPlan(resuming: resuming)
    if let parts = record.plan.run.microBatch ?? plan?.microBatch, parts < options.batchSize {
      guard try components.trainer.useMicroBatches(of: parts) else {
        throw PluginError(
          "trainer '\(self.plan.trainer.name)' cannot split a batch into parts"
            + (plan.map { $0.automatic ? ", and \(Self.shortage(of: $0, batchSize: options.batchSize))" : "" } ?? ""),
          hint: "give --batch-size \(parts)", code: SENTRY_UNSUPPORTED)
      }
      record.plan.run.microBatch = parts
    }
    record.memory = plan
    guard let plan else {
      environment.reporter.detail("the model gives no memory estimate: the memory is not checked")
      return
    }
    describe(plan)
    reader.cache?.limit(to: max(0, plan.availableBytes - (plan.microBatchBytes ?? plan.batchBytes)))
  }

  /// nil where the model does not tell, or the system does not.
  private func memoryPlan(resuming: Bool) throws -> MemoryPlan? {
    guard let available = availableBytes else { return nil }
    // Loaded ahead, whatever goes through the model at once. Parameters, gradients and the trainer's state are there already.
    let sampleBytes = reader.input.shape.reduce(reader.input.dtype.size, *)
    let loaded = (options.workers == 0 ? 1 : Loader.depth) * options.batchSize * sampleBytes
    let beside = loaded + (try checkpointBytes())
    let model = components.model
    guard model.estimatedBytes(batchSize: 1, training: true) != nil else { return nil }
    let asked = options.microBatch ?? (resuming ? options.batchSize : nil)
    return try MemoryPlan(batchSize: options.batchSize, asked: asked, available: available) { samples in
      let evaluation = model.estimatedBytes(batchSize: samples, training: false) ?? 0
      return max(model.estimatedBytes(batchSize: samples, training: true) ?? 0, evaluation) + beside
    }
  }

  /// What saving takes beside the model: the best weights are read back, and what lies on a device passes through memory.
  private func checkpointBytes() throws -> Int {
    func bytes(_ tensors: [NamedTensor]) -> Int { tensors.reduce(0) { $0 + $1.value.byteCount } }
    let parameters = components.model.parameters
    let trainer = try components.trainer.state().filter { $0.value.deviceType != SENTRY_DEVICE_CPU }
    return bytes(parameters) + bytes(parameters.filter { $0.value.deviceType != SENTRY_DEVICE_CPU }) + bytes(trainer)
  }

  /// What `run.memory-limit` leaves, or what the system has, less a reserve.
  private var availableBytes: Int? {
    guard options.memoryLimit > 0 else {
      return Machine.availableMemoryBytes.map { max(0, $0 - Machine.memoryReserve(of: $0)) }
    }
    return max(0, options.memoryLimit * 1_000_000 - (Machine.residentMemoryBytes ?? 0))
  }

  private static func shortage(of plan: MemoryPlan, batchSize: Int) -> String {
    "a batch of \(batchSize) takes \(NumberText.bytes(plan.batchBytes)), but \(NumberText.bytes(plan.availableBytes)) "
      + "is available: \(NumberText.bytes(plan.batchBytes - plan.availableBytes)) too little"
  }

  private func describe(_ plan: MemoryPlan) {
    let reporter = environment.reporter
    reporter.detail(
      "memory: a batch of \(options.batchSize) takes \(NumberText.bytes(plan.batchBytes)) beside the "
        + "\(NumberText.bytes(Machine.residentMemoryBytes ?? 0)) in use; \(NumberText.bytes(plan.availableBytes)) is available"
    )
    if let parts = plan.microBatch, let bytes = plan.microBatchBytes {
      let count = (options.batchSize + parts - 1) / parts
      let split =
        "a batch of \(options.batchSize) goes through the model in \(count) parts of at most \(parts) (\(NumberText.bytes(bytes))): "
        + "its gradients are those of the whole batch, but batch norm statistics are those of a part"
      if plan.automatic {
        reporter.warn("\(Self.shortage(of: plan, batchSize: options.batchSize)); \(split)")
      } else {
        reporter.note(split)
      }
    }
    if plan.missingBytes > 0 {
      reporter.warn(
        "this run may run out of memory by \(NumberText.bytes(plan.missingBytes)): it takes "
          + "\(NumberText.bytes(plan.microBatchBytes ?? plan.batchBytes)), but \(NumberText.bytes(plan.availableBytes)) is available"
      )
    }
  }
}
