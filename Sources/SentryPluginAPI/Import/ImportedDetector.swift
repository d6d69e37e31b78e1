import CSentryPlugin

public final class ImportedDetector: Detector, ImportedComponent, @unchecked Sendable {
  public static let kind = SENTRY_KIND_DETECTOR
  // Unchecked: the border lets these be called one at a time alone.
  private let object: UnsafeMutablePointer<sentry_detector>
  public let specification: DetectorSpecification
  public let callee: Callee

  public init(adopting object: UnsafeMutableRawPointer, as callee: Callee) throws {
    self.callee = callee
    try checkObject(object, atLeast: SENTRY_DETECTOR_SIZE_1_0, "sentry_detector")
    let object = object.assumingMemoryBound(to: sentry_detector.self)
    self.object = object
    specification = try callee.during("describing itself") { try described(object.pointee.describe(object)) }
  }
  deinit { callee.during("being destroyed") { object.pointee.destroy(object) } }

  public func detect(in image: Tensor) throws -> [Instance] {
    try image.withBorderTensor { image in
      try foundInstances(by: callee, keypoints: specification.keypoints.count) {
        object.pointee.detect(object, image, $0, $1)
      }
    }
  }

  public func makeSession() throws -> any DetectorSession {
    var session: UnsafeMutablePointer<sentry_detector_session>?
    try callee.call("starting a session") { object.pointee.start(object, &session, $0) }
    guard let session else { throw PluginError("the plugin reported success but returned no session") }
    return try ImportedDetectorSession(adopting: session, of: self)
  }
}

private final class ImportedDetectorSession: DetectorSession, @unchecked Sendable {
  private let object: UnsafeMutablePointer<sentry_detector_session>
  /// Outlives the session.
  private let detector: ImportedDetector

  init(adopting object: UnsafeMutablePointer<sentry_detector_session>, of detector: ImportedDetector) throws {
    (self.object, self.detector) = (object, detector)
    try checkObject(object, atLeast: SENTRY_DETECTOR_SESSION_SIZE_1_0, "sentry_detector_session")
  }
  deinit { object.pointee.destroy(object) }

  func next(_ image: Tensor, at time: Double) throws -> [Instance] {
    try image.withBorderTensor { image in
      try foundInstances(by: detector.callee, keypoints: detector.specification.keypoints.count) {
        object.pointee.next(object, image, time, $0, $1)
      }
    }
  }
}
