/// Computes one vector per frame from the keypoints of one instance over time.
public protocol FeatureExtractor: Sendable {
  var specification: FeatureSpecification { get }

  func makeSession() throws -> any FeatureSession
}

/// One instance over time.
public protocol FeatureSession: AnyObject {
  /// The features of the next frame that shows the instance. The result depends only on the frames of this session.
  ///
  /// - Parameters:
  ///   - keypoints: in the order of ``FeatureSpecification/keypoints``.
  ///   - time: seconds, increasing.
  /// - Returns: as many values as ``FeatureSpecification/names``.
  func next(_ keypoints: [Instance.Keypoint], at time: Double) throws -> [Float]
}
