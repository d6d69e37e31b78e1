import CSentryPlugin

private typealias Context = Box<Exported<any FeatureExtractor>>
private typealias SessionContext = Box<(session: any FeatureSession, specification: FeatureSpecification)>

func export(_ extractor: any FeatureExtractor) throws -> UnsafeMutablePointer<sentry_features> {
  let size = MemoryLayout<sentry_features>.size
  let context = Context(
    Exported(extractor as any FeatureExtractor, description: try JSON.text(extractor.specification))
  ).retained()
  let out = borderAllocate(size: size, sentry_features.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.context = context
  out.pointee.destroy = { me in
    Context.release(me.pointee.context)
    me.deallocate()
  }
  out.pointee.describe = { Context.at($0.pointee.context).description.pointer }
  out.pointee.start = { me, session, error in
    guarded(error) {
      let extractor = Context.at(me.pointee.context).value
      session.pointee = export(try extractor.makeSession(), extractor.specification)
    }
  }
  out.pointee.get_extension = { _, _ in nil }
  return out
}

private func export(
  _ session: any FeatureSession, _ specification: FeatureSpecification
) -> UnsafeMutablePointer<sentry_features_session> {
  let size = MemoryLayout<sentry_features_session>.size
  let out = borderAllocate(size: size, sentry_features_session.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.context = SessionContext((session, specification)).retained()
  out.pointee.destroy = { me in
    SessionContext.release(me.pointee.context)
    me.deallocate()
  }
  out.pointee.next = { me, keypoints, time, values, error in
    guarded(error) {
      let (session, specification) = SessionContext.at(me.pointee.context)
      let points = try Tensor.borrowed(keypoints) { tensor in
        guard tensor.shape == [specification.keypoints.count, 4] else {
          throw PluginError.invalid("keypoints \(tensor.shape), expected \([specification.keypoints.count, 4])")
        }
        let values = try tensor.array(of: Float.self)
        return stride(from: 0, to: values.count, by: 4).map {
          Instance.Keypoint(x: values[$0], y: values[$0 + 1], z: values[$0 + 2], visibility: values[$0 + 3])
        }
      }
      let made = try session.next(points, at: time)
      try Tensor.borrowed(values) { try $0.copy(from: Tensor([made.count], made)) }
    }
  }
  return out
}

extension Component {
  public static func features(
    _ name: String, _ summary: String, options: [OptionDeclaration] = [],
    make: @escaping @Sendable (CreationContext) throws -> any FeatureExtractor
  ) -> Component {
    Component(SENTRY_KIND_FEATURES, name, summary, options, make) { component, _ in .init(try export(component)) }
  }
}
