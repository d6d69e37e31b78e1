public import CSentryPlugin

public final class ImportedModel: SamplingModel, LogitsModel, ImportedComponent, @unchecked Sendable {
  public static let kind = SENTRY_KIND_MODEL
  let object: UnsafePointer<sentry_model>
  private let owned: UnsafeMutablePointer<sentry_model>?
  public let callee: Callee
  public let specification: ModelSpecification
  public let parameters: [NamedTensor]
  let extensions: Extensions

  public init(adopting object: UnsafeMutableRawPointer, as callee: Callee) throws {
    self.callee = callee
    let object = object.assumingMemoryBound(to: sentry_model.self)
    (self.object, owned) = (UnsafePointer(object), object)
    (specification, parameters) = try Self.read(self.object, callee)
    extensions = try Extensions(of: self.object)
  }

  /// The caller keeps the object valid.
  public init(borrowing object: UnsafePointer<sentry_model>) throws {
    callee = Callee(ofKind: Self.kind)
    (self.object, owned) = (object, nil)
    (specification, parameters) = try Self.read(object, callee)
    extensions = try Extensions(of: object)
  }

  deinit { if let owned { callee.during("being destroyed") { owned.pointee.destroy(owned) } } }

  private static func read(_ object: UnsafePointer<sentry_model>, _ callee: Callee) throws -> (
    ModelSpecification, [NamedTensor]
  ) {
    try checkObject(object, atLeast: SENTRY_MODEL_SIZE_1_0, "sentry_model")
    return try callee.during("describing itself") {
      (
        try described(object.pointee.describe(object)),
        try namedTensors(count: object.pointee.parameter_count(object), of: callee) {
          object.pointee.parameter(object, $0, $1, $2)
        }
      )
    }
  }

  public func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    try outputs(of: input, flags: training ? SENTRY_FORWARD_TRAINING : 0, seed: seed).compactMap(\.self)
  }

  public func forwardLogits(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor?] {
    // As with sampling, the description decides.
    let flags =
      (training ? SENTRY_FORWARD_TRAINING : 0)
      | (specification.optionalOutputs == true ? SENTRY_FORWARD_LOGITS_ONLY : 0)
    return try outputs(of: input, flags: flags, seed: seed)
  }

  public func sample(_ input: Tensor, seed: UInt64) throws -> [Tensor] {
    // A plugin older than the flag would ignore it: what its description says decides.
    guard specification.stochastic == true else {
      throw PluginError(
        "the model has no dropout to sample its predictions with", hint: "predict without sampling",
        code: SENTRY_UNSUPPORTED)
    }
    return try outputs(of: input, flags: SENTRY_FORWARD_SAMPLE, seed: seed).compactMap(\.self)
  }

  /// One pass. What comes of it is as the model describes it; only what may be left out is nil.
  private func outputs(of input: Tensor, flags: UInt32, seed: UInt64) throws -> [Tensor?] {
    var slots = [UnsafeMutablePointer<sentry_managed_tensor>?](
      repeating: nil, count: max(specification.outputs.count, 1))
    try input.withBorderTensor { input in
      try callee.call("computing a forward pass") { object.pointee.forward(object, input, flags, seed, &slots, $0) }
    }
    return try callee.judge("computing a forward pass") {
      try zip(specification.outputs, slots).map { output, slot in
        if slot == nil, output.kind != .logits, flags & SENTRY_FORWARD_LOGITS_ONLY != 0 { return nil }
        let tensor = try handedOver(slot)
        try output.specification(tensor.dtype, batch: input.shape.first).require(tensor, "output '\(output.name)'")
        return tensor
      }
    }
  }

  public func backward(_ gradients: [Tensor?], accumulate: Bool) throws {
    try withBorderGradients(gradients) { pointers in
      try callee.call("computing a backward pass") {
        object.pointee.backward(object, pointers, accumulate ? SENTRY_BACKWARD_ACCUMULATE : 0, $0)
      }
    }
  }

  func withBorderGradients(_ gradients: [Tensor?], _ body: ([UnsafePointer<sentry_tensor>?]) throws -> Void) rethrows {
    let views = gradients.map { $0.map(TensorView.init) }
    try withExtendedLifetime(views) { try body(views.map { view in view.map { UnsafePointer($0.pointer) } }) }
  }

  public func parametersChanged() throws {
    try callee.call("taking up changed parameters") { object.pointee.parameters_changed(object, $0) }
  }
}
