public import CSentryPlugin

public final class ImportedModel: SelfUpdatingModel, SamplingModel, @unchecked Sendable {
  let object: UnsafePointer<sentry_model>
  private let owned: UnsafeMutablePointer<sentry_model>?
  public let specification: ModelSpecification
  public let parameters: [NamedTensor]

  public init(adopting object: UnsafeMutablePointer<sentry_model>) throws {
    (self.object, owned) = (UnsafePointer(object), object)
    (specification, parameters) = try Self.read(self.object)
  }

  /// The caller keeps the object valid.
  public init(borrowing object: UnsafePointer<sentry_model>) throws {
    (self.object, owned) = (object, nil)
    (specification, parameters) = try Self.read(object)
  }

  deinit { if let owned { owned.pointee.destroy(owned) } }

  private static func read(_ object: UnsafePointer<sentry_model>) throws -> (ModelSpecification, [NamedTensor]) {
    try checkSize(object.pointee.struct_size, atLeast: SENTRY_MODEL_SIZE_1_0, "sentry_model")
    return (
      try JSON.decode(from: String(cString: object.pointee.describe(object)), what: "the model's description"),
      try namedTensors(count: object.pointee.parameter_count(object)) { object.pointee.parameter(object, $0, $1, $2) }
    )
  }

  public func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    try forward(input, flags: training ? SENTRY_FORWARD_TRAINING : 0, seed: seed)
  }

  public func sample(_ input: Tensor, seed: UInt64) throws -> [Tensor] {
    // A plugin older than the flag would ignore it: what its description says decides.
    guard specification.stochastic == true else {
      throw PluginError(
        "the model has no drop-out to sample its predictions with", hint: "predict without sampling",
        code: SENTRY_UNSUPPORTED)
    }
    return try forward(input, flags: SENTRY_FORWARD_SAMPLE, seed: seed)
  }

  private func forward(_ input: Tensor, flags: UInt32, seed: UInt64) throws -> [Tensor] {
    var outputs = [UnsafeMutablePointer<sentry_managed_tensor>?](
      repeating: nil, count: max(specification.outputs.count, 1))
    try input.withBorderTensor { input in
      try acrossBorder {
        object.pointee.forward(object, input, flags, seed, &outputs, $0)
      }
    }
    return try outputs.prefix(specification.outputs.count).map(handedOver)
  }

  public func backward(_ gradients: [Tensor?], accumulate: Bool) throws {
    let views = gradients.map { $0.map(TensorView.init) }
    let pointers: [UnsafePointer<sentry_tensor>?] = views.map { view in view.map { UnsafePointer($0.pointer) } }
    try withExtendedLifetime(views) {
      try acrossBorder { object.pointee.backward(object, pointers, accumulate ? SENTRY_BACKWARD_ACCUMULATE : 0, $0) }
    }
  }

  public func parametersChanged() throws { try acrossBorder { object.pointee.parameters_changed(object, $0) } }

  // MARK: sentry.model.update/1

  /// Whether the model applies updates itself.
  public var updatesItself: Bool { extensionOfUpdates != nil }

  private var extensionOfUpdates: UnsafePointer<sentry_model_update>? {
    guard let raw = object.pointee.get_extension(object, SENTRY_EXTENSION_MODEL_UPDATE) else { return nil }
    let update = raw.assumingMemoryBound(to: sentry_model_update.self)
    return update.pointee.struct_size >= SENTRY_MODEL_UPDATE_SIZE_1_0 ? update : nil
  }

  private func updates() throws -> UnsafePointer<sentry_model_update> {
    guard let update = extensionOfUpdates else {
      throw PluginError("the model does not offer \(SENTRY_EXTENSION_MODEL_UPDATE)", code: SENTRY_UNSUPPORTED)
    }
    return update
  }

  public func update(_ settings: String) throws -> Double {
    let update = try updates()
    var norm = 0.0
    try acrossBorder { update.pointee.update(object, settings, &norm, $0) }
    return norm
  }

  public func transfer(_ name: String, _ tensor: Tensor, write: Bool) throws {
    let update = try updates()
    try tensor.withBorderTensor { tensor in
      try acrossBorder { update.pointee.transfer(object, name, write ? 1 : 0, tensor, $0) }
    }
  }
}

/// Reads named tensors one by one.
func namedTensors(
  count: Int64,
  _ read: (Int64, UnsafeMutablePointer<sentry_named_tensor>, UnsafeMutablePointer<sentry_error>) -> sentry_status
) throws -> [NamedTensor] {
  guard count >= 0 else { throw PluginError("the plugin counts \(count) tensors") }
  return try (0..<count).map { index in
    var entry = sentry_named_tensor()
    entry.struct_size = UInt32(SENTRY_NAMED_TENSOR_SIZE_1_0)
    try acrossBorder { read(index, &entry, $0) }
    guard let name = entry.name, let value = entry.value else {
      throw PluginError("tensor \(index) has no name or no value")
    }
    let role: NamedTensor.Role =
      entry.flags & SENTRY_TENSOR_TRAINABLE != 0
      ? .trainable : entry.flags & SENTRY_TENSOR_BUFFER != 0 ? .buffer : .frozen
    return NamedTensor(
      String(cString: name), try Tensor(unowned: value), gradient: try entry.gradient.map { try Tensor(unowned: $0) },
      role: role)
  }
}
