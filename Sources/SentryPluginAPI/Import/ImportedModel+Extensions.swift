import CSentryPlugin

extension ImportedModel {
  /// What the model offers beyond its kind.
  struct Extensions {
    let update: UnsafePointer<sentry_model_update>?
    let graph: UnsafePointer<sentry_model_graph>?
    let memory: UnsafePointer<sentry_model_memory>?
    let share: UnsafePointer<sentry_model_share>?
    let profile: UnsafePointer<sentry_profile>?

    init(of object: UnsafePointer<sentry_model>) throws {
      let find = { object.pointee.get_extension(object, $0) }
      update = try offered(
        SENTRY_EXTENSION_MODEL_UPDATE, atLeast: SENTRY_MODEL_UPDATE_SIZE_1_0, as: sentry_model_update.self, find)
      graph = try offered(
        SENTRY_EXTENSION_MODEL_GRAPH, atLeast: SENTRY_MODEL_GRAPH_SIZE_1_0, as: sentry_model_graph.self, find)
      memory = try offered(
        SENTRY_EXTENSION_MODEL_MEMORY, atLeast: SENTRY_MODEL_MEMORY_SIZE_1_0, as: sentry_model_memory.self, find)
      share = try offered(
        SENTRY_EXTENSION_MODEL_SHARE, atLeast: SENTRY_MODEL_SHARE_SIZE_1_0, as: sentry_model_share.self, find)
      profile = try offered(
        SENTRY_EXTENSION_PROFILE, atLeast: SENTRY_PROFILE_SIZE_1_0, as: sentry_profile.self, find)
    }
  }

  /// What the model says a pass needs beyond its parameters and their gradients; nil where it does not estimate.
  public func estimatedBytes(batchSize: Int, training: Bool) -> Int? {
    guard let memory = extensions.memory else { return nil }
    let bytes = memory.pointee.estimate(object, Int64(batchSize), training ? SENTRY_FORWARD_TRAINING : 0)
    return bytes >= 0 ? Int(bytes) : nil
  }

  /// From now on training passes have rows of this share; false where the model does not know shares.
  public func useShare(_ share: BatchShare) throws -> Bool {
    guard let table = extensions.share else { return false }
    try acrossBorder { table.pointee.set(object, Int64(share.first), Int64(share.rows), Int64(share.whole), $0) }
    return true
  }

  /// Seconds by class of operation since the last call; nil where the model does not measure them.
  public func takeProfile() throws -> [String: Double]? {
    try profile(extensions.profile, of: UnsafeRawPointer(object))
  }
}

extension ImportedModel: SelfUpdatingModel {
  public var updatesItself: Bool { extensions.update != nil }

  public func update(_ settings: String) throws -> Double {
    let table = try required(extensions.update, SENTRY_EXTENSION_MODEL_UPDATE)
    var norm = 0.0
    try acrossBorder { table.pointee.update(object, settings, &norm, $0) }
    return norm
  }

  public func transfer(_ name: String, _ tensor: Tensor, write: Bool) throws {
    let table = try required(extensions.update, SENTRY_EXTENSION_MODEL_UPDATE)
    try tensor.withBorderTensor { tensor in
      try acrossBorder { table.pointee.transfer(object, name, write ? 1 : 0, tensor, $0) }
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
    return try reported("the model's graph") { table.pointee.graph(object, $0, $1) }
  }
}
