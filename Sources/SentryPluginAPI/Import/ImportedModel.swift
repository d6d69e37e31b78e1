public import CSentryPlugin

public final class ImportedModel: SamplingModel, ImportedComponent, @unchecked Sendable {
  public static let kind = SENTRY_KIND_MODEL
  let object: UnsafePointer<sentry_model>
  private let owned: UnsafeMutablePointer<sentry_model>?
  public let specification: ModelSpecification
  public let parameters: [NamedTensor]
  let extensions: Extensions

  public init(adopting object: UnsafeMutableRawPointer) throws {
    let object = object.assumingMemoryBound(to: sentry_model.self)
    (self.object, owned) = (UnsafePointer(object), object)
    (specification, parameters) = try Self.read(self.object)
    extensions = try Extensions(of: self.object)
  }

  /// The caller keeps the object valid.
  public init(borrowing object: UnsafePointer<sentry_model>) throws {
    (self.object, owned) = (object, nil)
    (specification, parameters) = try Self.read(object)
    extensions = try Extensions(of: object)
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
        "the model has no dropout to sample its predictions with", hint: "predict without sampling",
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
}
