import CSentryPlugin

private final class AugmenterExport: Sendable {
  let augmenter: any Augmenter
  let description: OwnedCString
  init(_ augmenter: any Augmenter) throws {
    self.augmenter = augmenter
    description = OwnedCString(try JSON.text(augmenter.specification))
  }
}

func export(_ augmenter: any Augmenter) throws -> UnsafeMutablePointer<sentry_augmenter> {
  typealias Context = Box<AugmenterExport>
  let size = MemoryLayout<sentry_augmenter>.size
  let context = Context(try AugmenterExport(augmenter)).retained()
  let out = borderAllocate(size: size, sentry_augmenter.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.context = context
  out.pointee.destroy = { me in
    Context.release(me.pointee.context)
    me.deallocate()
  }
  out.pointee.describe = { Context.at($0.pointee.context).description.pointer }
  out.pointee.apply = { me, input, strength, seed, output, error in
    guarded(error) {
      guard let strength = AugmentStrength(rawValue: strength) else {
        throw PluginError.invalid("there is no augmentation strength \(strength)")
      }
      output.pointee = try Tensor.borrowed(input) {
        try Context.at(me.pointee.context).augmenter.apply($0, strength: strength, seed: seed).exported()
      }
    }
  }
  out.pointee.get_extension = { _, _ in nil }
  return out
}
