import CSentryPlugin
import SentryDigest
import SentryPluginAPI
import SentryRuntime

/// What processes that train together tell each other. For one alone nothing of it does anything.
extension TrainingRun {
  /// Tells trainer and model which rows of a batch they get.
  func useShare() throws {
    guard world.size > 1 else { return }
    guard try components.trainer.useShare(share) else {
      throw PluginError(
        "trainer '\(plan.trainer.name)' cannot train together with other processes: it lacks \(SENTRY_EXTENSION_TRAINER_SHARE)",
        hint: "start one process, or choose another --trainer", code: SENTRY_UNSUPPORTED)
    }
    modelKnowsShares = try components.model.useShare(share)
    if !modelKnowsShares {
      environment.reporter.note(
        "the model does not know of other processes: what it computes over a batch is of each process's samples")
    }
  }

  /// The seed of a step. A model that knows where its rows are draws for them what one process would draw; another one must not
  /// draw the same on all ranks.
  func stepSeed(batch: Int) -> UInt64 {
    let seed = Seed.derive(options.seed, "step", UInt64(progress.epoch), UInt64(batch))
    return world.size == 1 || modelKnowsShares ? seed : Seed.derive(seed, "rank", UInt64(world.rank))
  }

  /// What happened on any rank: samples that were skipped, and whether someone asked to stop.
  func shareNews(skipped: [SkippedSample], isCancelled: Bool) throws -> (skipped: [SkippedSample], isCancelled: Bool) {
    guard world.size > 1 else { return (skipped, isCancelled) }
    var news = [isCancelled ? 1.0 : 0, Double(skipped.count)]
    try world.sum(&news, of: "the news of all ranks")
    guard news[1] > 0 else { return ([], news[0] > 0) }
    return (try world.gather(skipped, of: "the skipped samples").flatMap { $0 }, news[0] > 0)
  }

  func isCancelledAnywhere() throws -> Bool {
    try shareNews(skipped: [], isCancelled: environment.isCancelled()).isCancelled
  }

  /// Before the first step: all ranks read the same samples.
  func compareData() throws {
    try world.compare(
      [
        "the data's labels": String(progress.data, radix: 16),
        "the samples' values": progress.contents?.text ?? "none",
      ], of: "the data")
  }

  /// Model and trainer have the same values on all ranks.
  func compareTensors() throws {
    guard world.size > 1 else { return }
    var items: [String: String] = [:]
    for tensor in components.model.parameters { items["the weights of \(tensor.name)"] = tensor.value.digest }
    for tensor in try components.trainer.state() { items["the state \(tensor.name)"] = tensor.value.digest }
    try world.compare(items, of: "what they have learned")
  }

  /// Buffers that each process kept of its own rows, such as the running statistics of a batch norm, become their mean over the ranks.
  /// They move linearly with each batch, so that the mean is what the mean statistics of the shares would have led to.
  func shareBuffers() throws {
    guard world.size > 1 else { return }
    world.place = "the end of epoch \(progress.epoch + 1)"
    let model = components.model.parameters.filter { $0.role == .buffer }
    let names = Set(model.map { "average/\($0.name)" })
    // The average of the weights has buffers of its own.
    let buffers = try (model + components.trainer.state().filter { names.contains($0.name) }).filter {
      $0.value.deviceType == SENTRY_DEVICE_CPU && $0.value.dtype == .float32
    }
    let digests = try world.gather(buffers.map(\.value.digest), of: "the buffers")
    let differing = buffers.indices.filter { index in
      digests.contains { !$0.indices.contains(index) || $0[index] != digests[0][index] }
    }
    // Ranks with other buffers are told of by ``compareTensors()``.
    guard !differing.isEmpty, digests.allSatisfy({ $0.count == buffers.count }) else { return }
    for index in differing {
      let elements = try buffers[index].value.elements(as: Float.self)
      var values = elements.map(Double.init)
      try world.sum(&values, of: buffers[index].name)
      for place in elements.indices { elements[place] = Float(values[place] / Double(world.size)) }
    }
    try components.model.parametersChanged()
  }

  /// The model's values of the leader.
  func receiveModel() throws {
    guard world.size > 1 else { return }
    try receive(components.model.parameters)
    try components.model.parametersChanged()
  }

  /// The trainer's state of the leader.
  func receiveTrainer(_ state: JSONValue?) throws {
    try receive(try components.trainer.state())
    guard let state = try world.broadcast(state, of: "the trainer's state") else {
      throw PluginError("the leader sent no state of the trainer")
    }
    try components.trainer.restore(state)
  }

  private func receive(_ tensors: [NamedTensor]) throws {
    guard world.size > 1 else { return }
    for tensor in tensors where tensor.value.deviceType == SENTRY_DEVICE_CPU {
      try world.broadcast(
        UnsafeMutableRawBufferPointer(start: tensor.value.data, count: tensor.value.byteCount), of: tensor.name)
    }
  }
}

extension Tensor {
  /// A short text for the values; of what lies on a device, none.
  fileprivate var digest: String {
    guard deviceType == SENTRY_DEVICE_CPU else { return "elsewhere" }
    return withExtendedLifetime(self) {
      var hash = SHA256()
      hash.update(bufferPointer: UnsafeRawBufferPointer(start: data, count: byteCount))
      return String(hash.finalize().prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }, radix: 16)
    }
  }
}

extension RunPlan {
  /// What must be the same on all ranks: everything that decides on results, and who computes them.
  package var items: [String: String] {
    var items = ["sentry": Version.sentry, "the recipe": recipe.name]
    for (name, value) in run.values where RunOptions.table.first(where: { $0.name == name })?.resuming != .given {
      items["run.\(name)"] = (try? JSON.text(value)) ?? ""
    }
    for (kind, choice) in choices {
      items[kind.rawValue] = "\(choice.name) of \(choice.plugin) \(choice.version)"
      items["the plugin \(choice.plugin)"] = "SHA-256 \(choice.sha256)"
      if let library = choice.library { items["the library of \(choice.plugin)"] = library.sha256 }
      for (name, value) in choice.options.objectValue ?? [:] {
        items["\(kind.rawValue).\(name)"] = (try? JSON.text(value)) ?? ""
      }
    }
    return items
  }
}
