import CSentryPlugin

public final class ImportedFeatureExtractor: FeatureExtractor, ImportedComponent, @unchecked Sendable {
  public static let kind = SENTRY_KIND_FEATURES
  // Unchecked: the object does not change, and its functions may be called from any thread.
  private let object: UnsafeMutablePointer<sentry_features>
  public let specification: FeatureSpecification
  public let callee: Callee

  public init(adopting object: UnsafeMutableRawPointer, as callee: Callee) throws {
    self.callee = callee
    try checkObject(object, atLeast: SENTRY_FEATURES_SIZE_1_0, "sentry_features")
    let object = object.assumingMemoryBound(to: sentry_features.self)
    self.object = object
    specification = try callee.during("describing itself") { try described(object.pointee.describe(object)) }
  }
  deinit { callee.during("being destroyed") { object.pointee.destroy(object) } }

  public func makeSession() throws -> any FeatureSession {
    var session: UnsafeMutablePointer<sentry_features_session>?
    try callee.call("starting a session") { object.pointee.start(object, &session, $0) }
    guard let session else { throw PluginError("the plugin reported success but returned no session") }
    return try ImportedFeatureSession(adopting: session, of: self)
  }
}

private final class ImportedFeatureSession: FeatureSession, @unchecked Sendable {
  private let object: UnsafeMutablePointer<sentry_features_session>
  /// Outlives the session.
  private let extractor: ImportedFeatureExtractor
  private let values: Tensor

  init(adopting object: UnsafeMutablePointer<sentry_features_session>, of extractor: ImportedFeatureExtractor) throws {
    (self.object, self.extractor) = (object, extractor)
    values = Tensor([extractor.specification.names.count])
    try checkObject(object, atLeast: SENTRY_FEATURES_SESSION_SIZE_1_0, "sentry_features_session")
  }
  deinit { object.pointee.destroy(object) }

  func next(_ keypoints: [Instance.Keypoint], at time: Double) throws -> [Float] {
    let points = Tensor([keypoints.count, 4], keypoints.flatMap { [$0.x, $0.y, $0.z, $0.visibility] })
    try points.withBorderTensor { points in
      try values.withBorderTensor { values in
        try extractor.callee.call("computing features") { object.pointee.next(object, points, time, values, $0) }
      }
    }
    return try values.array(of: Float.self)
  }
}
