import CSentryPlugin

extension ImportedModel {
  /// What the model offers beyond its kind.
  struct Extensions {
    let update: UnsafePointer<sentry_model_update>?
    let graph: UnsafePointer<sentry_model_graph>?
    let memory: UnsafePointer<sentry_model_memory>?
    let input: UnsafePointer<sentry_model_input>?
    let share: UnsafePointer<sentry_model_share>?
    let backward: UnsafePointer<sentry_model_backward>?
    let profile: UnsafePointer<sentry_profile>?

    init(of object: UnsafePointer<sentry_model>) throws {
      let find = { object.pointee.get_extension(object, $0) }
      update = try offered(
        SENTRY_EXTENSION_MODEL_UPDATE, atLeast: SENTRY_MODEL_UPDATE_SIZE_1_0, as: sentry_model_update.self, find)
      graph = try offered(
        SENTRY_EXTENSION_MODEL_GRAPH, atLeast: SENTRY_MODEL_GRAPH_SIZE_1_0, as: sentry_model_graph.self, find)
      memory = try offered(
        SENTRY_EXTENSION_MODEL_MEMORY, atLeast: SENTRY_MODEL_MEMORY_SIZE_1_0, as: sentry_model_memory.self, find)
      input = try offered(
        SENTRY_EXTENSION_MODEL_INPUT, atLeast: SENTRY_MODEL_INPUT_SIZE_1_0, as: sentry_model_input.self, find)
      share = try offered(
        SENTRY_EXTENSION_MODEL_SHARE, atLeast: SENTRY_MODEL_SHARE_SIZE_1_0, as: sentry_model_share.self, find)
      backward = try offered(
        SENTRY_EXTENSION_MODEL_BACKWARD, atLeast: SENTRY_MODEL_BACKWARD_SIZE_1_0, as: sentry_model_backward.self, find)
      profile = try offered(
        SENTRY_EXTENSION_PROFILE, atLeast: SENTRY_PROFILE_SIZE_1_0, as: sentry_profile.self, find)
    }
  }

  /// What the model says a pass needs beyond its parameters and their gradients; nil where it does not estimate.
  public func estimatedBytes(batchSize: Int, training: Bool) -> Int? {
    guard let memory = extensions.memory else { return nil }
    let bytes = callee.during("estimating its memory") {
      memory.pointee.estimate(object, Int64(batchSize), training ? SENTRY_FORWARD_TRAINING : 0)
    }
    return bytes >= 0 ? Int(bytes) : nil
  }

  /// Bytes that are free where the model computes; nil: in the host's memory, or the model does not estimate.
  public var availableBytes: Int? {
    guard let bytes = extensions.memory.map({ $0.pointee.available(object) }), bytes >= 0 else { return nil }
    return Int(bytes)
  }

  /// Whether it takes inputs early; see ``InputStagingModel``.
  public var stagesInput: Bool { extensions.input != nil }

  /// A tensor in memory of the model, which it keeps; nil where the model has none to give.
  public func allocateInput(_ shape: [Int], _ dtype: DType) -> Tensor? {
    let bytes = shape.reduce(1, *) * dtype.size
    guard let table = extensions.input, bytes > 0,
      let memory = callee.during("allocating an input", nil, { table.pointee.allocate(object, UInt64(bytes)) })
    else {
      return nil
    }
    return Tensor(shape, dtype, over: memory, owner: ModelMemory(memory, of: self, table))
  }

  /// Hints that one of the next passes has this input; nil: no hint holds any more.
  public func stage(_ input: Tensor?) {
    guard let table = extensions.input else { return }
    guard let input else { return table.pointee.stage(object, nil) }
    input.withBorderTensor { table.pointee.stage(object, $0) }
  }

  /// From now on training passes have rows of this share; false where the model does not know shares.
  public func useShare(_ share: BatchShare) throws -> Bool {
    guard let table = extensions.share else { return false }
    try callee.call("taking a share") {
      table.pointee.set(object, Int64(share.first), Int64(share.rows), Int64(share.whole), $0)
    }
    return true
  }

  /// Seconds by class of operation since the last call; nil where the model does not measure them.
  public func takeProfile() throws -> [String: Double]? {
    try profile(extensions.profile, of: UnsafeRawPointer(object))
  }
}

/// Memory that a model lends; keeps the model.
private final class ModelMemory: @unchecked Sendable {
  // Unchecked: the pointers never change.
  private let memory: UnsafeMutableRawPointer
  private let model: ImportedModel
  private let table: UnsafePointer<sentry_model_input>

  init(_ memory: UnsafeMutableRawPointer, of model: ImportedModel, _ table: UnsafePointer<sentry_model_input>) {
    (self.memory, self.model, self.table) = (memory, model, table)
  }

  deinit { table.pointee.release(model.object, memory) }
}

extension ImportedModel: StagedModel {
  /// A model without the extension tells nothing.
  public func backward(_ gradients: [Tensor?], accumulate: Bool, ready: (Int) throws -> Void) throws {
    guard let table = extensions.backward else { return try backward(gradients, accumulate: accumulate) }
    // An error cannot pass through the model: it waits here for the end of the pass.
    try withoutActuallyEscaping(ready) { ready in
      let listener = BackwardListener(ready)
      try withBorderGradients(gradients) { pointers in
        try callee.call("computing a backward pass") {
          table.pointee.backward(
            object, pointers, accumulate ? SENTRY_BACKWARD_ACCUMULATE : 0, { BackwardListener.told($0, $1) },
            Unmanaged.passUnretained(listener).toOpaque(), $0)
        }
      }
      if let failure = listener.failure { throw failure }
    }
  }
}

private final class BackwardListener {
  private let ready: (Int) throws -> Void
  private(set) var failure: (any Error)?

  init(_ ready: @escaping (Int) throws -> Void) { self.ready = ready }

  static func told(_ context: UnsafeMutableRawPointer?, _ first: Int64) {
    guard let context else { return }
    let listener = Unmanaged<BackwardListener>.fromOpaque(context).takeUnretainedValue()
    guard listener.failure == nil else { return }
    do { try listener.ready(Int(first)) } catch { listener.failure = error }
  }
}

extension ImportedModel: SelfUpdatingModel {
  public var updatesItself: Bool { extensions.update != nil }

  public func update(_ settings: String) throws -> Double {
    let table = try required(extensions.update, SENTRY_EXTENSION_MODEL_UPDATE)
    var norm = 0.0
    try callee.call("updating itself") { table.pointee.update(object, settings, &norm, $0) }
    return norm
  }

  public func transfer(_ name: String, _ tensor: Tensor, write: Bool) throws {
    let table = try required(extensions.update, SENTRY_EXTENSION_MODEL_UPDATE)
    try tensor.withBorderTensor { tensor in
      try callee.call("moving a parameter") { table.pointee.transfer(object, name, write ? 1 : 0, tensor, $0) }
    }
  }
}

extension ImportedModel: GraphDescribingModel {
  /// - Throws: ``PluginError`` with code `SENTRY_UNSUPPORTED` where the model does not offer the extension.
  public func graph() throws -> ModelGraph {
    guard let table = extensions.graph else {
      throw PluginError(
        "the model does not describe its graph (\(SENTRY_EXTENSION_MODEL_GRAPH))",
        hint: "its plugin must offer this extension for exports", code: SENTRY_UNSUPPORTED)
    }
    return try reported("the model's graph", by: callee, "describing its graph") { table.pointee.graph(object, $0, $1) }
  }
}
