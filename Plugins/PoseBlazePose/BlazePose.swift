import SentryDetectors
import SentryLandmarks
import SentryPluginAPI
import SentryVision

/// ``PoseEstimator`` as the border sees it.
final class BlazePose: Detector, @unchecked Sendable {
  // Unchecked: the border lets nobody call a detector, or its sessions, twice at once.
  private let estimator: PoseEstimator
  private let options: PoseOptions
  let specification = DetectorSpecification(
    instances: "person", keypoints: KeypointLayout.mediaPipe.keypoints, edges: Pose.edges.map { [$0, $1] })

  init(options: PoseOptions, host: Host) throws {
    self.options = options
    let detector = try MediaPipeFile.poseDetection.path(options.detector, option: "detector")
    let landmarks = try MediaPipeFile.poseLandmarkFull.path(options.landmarks, option: "landmarks")
    estimator = try mappingVisionErrors {
      try PoseEstimator(detector: detector, landmarks: landmarks, options: options.estimation, executor: host)
    }
  }

  func detect(in image: Tensor) throws -> [Instance] {
    try image.withPicture { try estimator.poses(in: $0, limit: options.people) }.map { Instance($0, id: nil) }
      .surestFirst
  }

  func makeSession() throws -> any DetectorSession { BlazePoseSession(estimator, options.tracking) }
}

/// Persons who keep their numbers.
private final class BlazePoseSession: DetectorSession {
  private var tracker: PoseTracker

  init(_ estimator: PoseEstimator, _ options: PoseTracker.Options) { tracker = PoseTracker(estimator, options) }

  func next(_ image: Tensor, at time: Double) throws -> [Instance] {
    try image.withPicture { try tracker.next($0, at: .seconds(time)) }.map { Instance($0.pose, id: $0.id) }
      .surestFirst
  }
}

extension Instance {
  fileprivate init(_ pose: Pose, id: Int?) {
    self.init(
      box: Box(pose.box), score: pose.presence, id: id, keypoints: pose.keypoints.map(Keypoint.init),
      world: pose.world.map { SIMD3($0.x, $0.y, $0.z) })
  }
}

extension [Instance] {
  fileprivate var surestFirst: [Instance] { sorted { $0.score > $1.score } }
}
