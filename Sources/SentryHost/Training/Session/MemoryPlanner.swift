import CSentryPlugin
import SentryPluginAPI
import SentryRuntime

/// Compares what a batch takes with the memory that there is where the model computes, before the first step.
struct MemoryPlanner {
  let plan: RunPlan
  let components: RunComponents
  /// What the model takes for a sample.
  let input: TensorSpecification
  let reporter: any TrainingReporter
  /// The most samples that this process has of a batch.
  let batchSize: Int
  /// The processes of the run on this machine.
  let processes: Int

  private var options: RunOptions { plan.run }

  /// nil where the model does not tell, or the system does not.
  ///
  /// - Parameter resuming: the run goes on with the parts that it began with, as others would change its results.
  func memoryPlan(resuming: Bool) throws -> MemoryPlan? {
    let model = components.model
    let free = model.availableBytes
    guard let available = free ?? availableBytes, model.estimatedBytes(batchSize: 1, training: true) != nil else {
      return nil
    }
    let beside = free == nil ? try bytesBeside() : 0
    let asked = options.microBatch ?? (resuming ? batchSize : nil)
    var plan = try MemoryPlan(batchSize: batchSize, asked: asked, available: available) { samples in
      let evaluation = model.estimatedBytes(batchSize: samples, training: false) ?? 0
      return max(model.estimatedBytes(batchSize: samples, training: true) ?? 0, evaluation) + beside
    }
    plan.isOfDevice = free == nil ? nil : true
    return plan
  }

  /// What a plan leaves of the system's memory; nil where the system does not tell. Passes on a device take none of it.
  func bytesLeft(by plan: MemoryPlan) throws -> Int? {
    guard plan.isOfDevice == true else { return plan.availableBytes - (plan.microBatchBytes ?? plan.batchBytes) }
    return try availableBytes.map { $0 - (try bytesBeside()) }
  }

  /// What is loaded ahead, whatever goes through the model at once, and what saving takes. Parameters, gradients and the trainer's
  /// state are there already.
  private func bytesBeside() throws -> Int {
    let sampleBytes = input.shape.reduce(input.dtype.size, *)
    return (options.workers == 0 ? 1 : Loader.depth) * batchSize * sampleBytes + (try checkpointBytes())
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
      return Machine.availableMemoryBytes.map { max(0, $0 - Machine.memoryReserve(of: $0)) / processes }
    }
    return max(0, options.memoryLimit * 1_000_000 / processes - (Machine.residentMemoryBytes ?? 0))
  }

  /// Lets the trainer pass batches through the model in parts.
  func useMicroBatches(of size: Int, for memory: MemoryPlan?) throws {
    guard try components.trainer.useMicroBatches(of: size) else {
      throw PluginError(
        "trainer '\(plan.trainer.name)' cannot split a batch into parts"
          + (memory.map { $0.automatic ? ", and \(shortage(of: $0))" : "" } ?? ""),
        hint: "give --batch-size \(size)", code: SENTRY_UNSUPPORTED)
    }
  }

  private func shortage(of plan: MemoryPlan) -> String {
    "a batch of \(batchSize) takes \(NumberText.bytes(plan.batchBytes)), but \(NumberText.bytes(plan.availableBytes)) "
      + "is available: \(NumberText.bytes(plan.batchBytes - plan.availableBytes)) too little"
  }

  /// Says what a batch takes, and where it does not fit.
  func describe(_ plan: MemoryPlan) {
    let place =
      plan.isOfDevice == true
      ? " on the device; " : " beside the \(NumberText.bytes(Machine.residentMemoryBytes ?? 0)) in use; "
    reporter.detail(
      "memory: a batch of \(batchSize) takes \(NumberText.bytes(plan.batchBytes))\(place)"
        + "\(NumberText.bytes(plan.availableBytes)) is available")
    if let parts = plan.microBatch, let bytes = plan.microBatchBytes {
      let count = (batchSize + parts - 1) / parts
      let split =
        "a batch of \(batchSize) goes through the model in \(count) parts of at most \(parts) (\(NumberText.bytes(bytes))): "
        + "its gradients are those of the whole batch, but batch norm statistics are those of a part"
      if plan.automatic {
        reporter.warn("\(shortage(of: plan)); \(split)")
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
