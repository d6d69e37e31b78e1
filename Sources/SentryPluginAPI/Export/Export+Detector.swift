import CSentryPlugin

private typealias Context = Box<Exported<any Detector>>
private typealias SessionContext = Box<(session: any DetectorSession, keypoints: Int)>

func export(_ detector: any Detector) throws -> UnsafeMutablePointer<sentry_detector> {
  let size = MemoryLayout<sentry_detector>.size
  let context = Context(Exported(detector as any Detector, description: try JSON.text(detector.specification)))
    .retained()
  let out = borderAllocate(size: size, sentry_detector.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.context = context
  out.pointee.destroy = { me in
    Context.release(me.pointee.context)
    me.deallocate()
  }
  out.pointee.describe = { Context.at($0.pointee.context).description.pointer }
  out.pointee.detect = { me, image, found, error in
    guarded(error) {
      let detector = Context.at(me.pointee.context).value
      try Tensor.borrowed(image) { try detector.detect(in: $0) }
        .fill(found, keypoints: detector.specification.keypoints.count)
    }
  }
  out.pointee.start = { me, session, error in
    guarded(error) {
      let detector = Context.at(me.pointee.context).value
      session.pointee = export(try detector.makeSession(), keypoints: detector.specification.keypoints.count)
    }
  }
  out.pointee.get_extension = { _, _ in nil }
  return out
}

private func export(_ session: any DetectorSession, keypoints: Int) -> UnsafeMutablePointer<sentry_detector_session> {
  let size = MemoryLayout<sentry_detector_session>.size
  let out = borderAllocate(size: size, sentry_detector_session.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.context = SessionContext((session, keypoints)).retained()
  out.pointee.destroy = { me in
    SessionContext.release(me.pointee.context)
    me.deallocate()
  }
  out.pointee.next = { me, image, time, found, error in
    guarded(error) {
      let this = SessionContext.at(me.pointee.context)
      try Tensor.borrowed(image) { try this.session.next($0, at: time) }.fill(found, keypoints: this.keypoints)
    }
  }
  return out
}

extension Component {
  public static func detector(
    _ name: String, _ summary: String, options: [OptionDeclaration] = [],
    make: @escaping @Sendable (CreationContext) throws -> any Detector
  ) -> Component {
    Component(SENTRY_KIND_DETECTOR, name, summary, options, make) { component, _ in .init(try export(component)) }
  }
}
