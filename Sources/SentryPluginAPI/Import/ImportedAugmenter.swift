public import CSentryPlugin

public final class ImportedAugmenter: Augmenter, @unchecked Sendable {
  let object: UnsafeMutablePointer<sentry_augmenter>
  public let specification: AugmenterSpecification

  public init(adopting object: UnsafeMutablePointer<sentry_augmenter>) throws {
    self.object = object
    try checkSize(object.pointee.struct_size, atLeast: SENTRY_AUGMENTER_SIZE_1_0, "sentry_augmenter")
    specification = try JSON.decode(
      from: String(cString: object.pointee.describe(object)), what: "the augmenter's description")
  }
  deinit { object.pointee.destroy(object) }

  public func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
    var output: UnsafeMutablePointer<sentry_managed_tensor>?
    try input.withBorderTensor { input in
      try acrossBorder { object.pointee.apply(object, input, strength.rawValue, seed, &output, $0) }
    }
    return try handedOver(output)
  }
}
