import CSentryPlugin

private typealias Context = Box<Exported<any Augmenter>>

func export(_ augmenter: any Augmenter) throws -> UnsafeMutablePointer<sentry_augmenter> {
  let size = MemoryLayout<sentry_augmenter>.size
  let exported = Exported(augmenter as any Augmenter, description: try JSON.text(augmenter.specification))
  // What it says of its files is JSON that may fail to be written: better here than where there is no error to fill.
  if let reader = augmenter as? any FileReadingAugmenter {
    let reading = try JSON.text(reader.reading)
    _ = exported.lendForGood(as: "reading") { reading }
  }
  if let views = augmenter as? any ViewingAugmenter {
    let sets = try JSON.text(["sets": views.viewSets])
    _ = exported.lendForGood(as: "views") { sets }
  }
  let context = Context(exported).retained()
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
        throw PluginError.invalid("unknown augmentation strength \(strength)")
      }
      output.pointee = try Tensor.borrowed(input) {
        try Context.at(me.pointee.context).value.apply($0, strength: strength, seed: seed).exported()
      }
    }
  }
  out.pointee.get_extension = { me, id in Context.at(me.pointee.context).offer(id, among: extensions) }
  return out
}

extension Component {
  public static func augmenter(
    _ name: String, _ summary: String, options: [OptionDeclaration] = [],
    make: @escaping @Sendable (CreationContext) throws -> any Augmenter
  ) -> Component {
    Component(SENTRY_KIND_AUGMENTER, name, summary, options, make) { component, _ in .init(try export(component)) }
  }
}

private let extensions: [ExtensionOffer<any Augmenter>] = [
  ExtensionOffer(
    SENTRY_EXTENSION_AUGMENTER_READER, size: MemoryLayout<sentry_augmenter_reader>.size,
    of: { $0 is any FileReadingAugmenter }
  ) { (table: UnsafeMutablePointer<sentry_augmenter_reader>) in
    func reader(_ me: UnsafePointer<sentry_augmenter>) throws -> any FileReadingAugmenter {
      try Context.at(me.pointee.context).with((any FileReadingAugmenter).self)
    }
    table.pointee.describe = { me in Context.at(me.pointee.context).lendForGood(as: "reading") { "{}" } }
    table.pointee.count = { me, path, count, error in
      guarded(error) { count.pointee = Int64(try reader(me).sampleCount(of: String(cString: path))) }
    }
    table.pointee.read = { me, path, index, options, sample, error in
      guarded(error) {
        sample.pointee = try reader(me).readSample(
          Int(index), of: String(cString: path), options: Options(json: String(cString: options))
        ).exported()
      }
    }
  },
  ExtensionOffer(
    SENTRY_EXTENSION_AUGMENTER_VIEWS, size: MemoryLayout<sentry_augmenter_views>.size,
    of: { ($0 as? any ViewingAugmenter)?.viewSets.isEmpty == false }
  ) { (table: UnsafeMutablePointer<sentry_augmenter_views>) in
    table.pointee.describe = { me in Context.at(me.pointee.context).lendForGood(as: "views") { "{}" } }
    table.pointee.view = { me, input, set, view, output, error in
      guarded(error) {
        let augmenter = try Context.at(me.pointee.context).with((any ViewingAugmenter).self)
        guard augmenter.viewSets.indices.contains(Int(set)),
          (0..<augmenter.viewSets[Int(set)].count).contains(Int(view))
        else { throw PluginError.invalid("there is no view \(view) of set \(set)") }
        output.pointee = try Tensor.borrowed(input) { try augmenter.view(Int(view), ofSet: Int(set), $0).exported() }
      }
    }
  },
]
