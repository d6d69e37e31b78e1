import CSentryPlugin

private final class AugmenterExport: Sendable {
  let augmenter: any Augmenter
  let description: OwnedCString
  /// Of what it reads; nil where it reads no files.
  let reading: OwnedCString?
  init(_ augmenter: any Augmenter) throws {
    self.augmenter = augmenter
    description = OwnedCString(try JSON.text(augmenter.specification))
    reading = try (augmenter as? any FileReadingAugmenter).map { OwnedCString(try JSON.text($0.reading)) }
  }

  func reader() throws -> any FileReadingAugmenter {
    guard let reader = augmenter as? any FileReadingAugmenter else {
      throw PluginError("the augmenter reads no files", code: SENTRY_UNSUPPORTED)
    }
    return reader
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
  out.pointee.get_extension = { me, id in
    guard String(cString: id) == SENTRY_EXTENSION_AUGMENTER_READER, Context.at(me.pointee.context).reading != nil
    else { return nil }
    return UnsafeRawPointer(readerExtension.pointer)
  }
  return out
}

/// One for all augmenters of the plugin, kept for good: it holds no state.
private let readerExtension = SendablePointer(UnsafeMutableRawPointer(exportReader()))

private func exportReader() -> UnsafeMutablePointer<sentry_augmenter_reader> {
  typealias Context = Box<AugmenterExport>
  let size = MemoryLayout<sentry_augmenter_reader>.size
  let out = borderAllocate(size: size, sentry_augmenter_reader.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.describe = { me in
    let this = Context.at(me.pointee.context)
    // Who has no reading does not show the extension.
    return (this.reading ?? this.description).pointer
  }
  out.pointee.count = { me, path, count, error in
    guarded(error) {
      count.pointee = Int64(try Context.at(me.pointee.context).reader().sampleCount(of: String(cString: path)))
    }
  }
  out.pointee.read = { me, path, index, options, sample, error in
    guarded(error) {
      sample.pointee = try Context.at(me.pointee.context).reader().readSample(
        Int(index), of: String(cString: path), options: Options(json: String(cString: options))
      ).exported()
    }
  }
  return out
}
