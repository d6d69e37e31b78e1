import SentryDetectors
import SentryPluginAPI
import SentryVision

/// ``FaceDetector`` as the border sees it.
final class BlazeFace: Detector, @unchecked Sendable {
  // Unchecked: the border lets nobody call a detector, or its sessions, twice at once.
  private let detector: FaceDetector
  let specification = DetectorSpecification(instances: "face", keypoints: FaceDetector.keypointNames)

  init(options: FaceOptions, host: Host) throws {
    let model = try MediaPipeFile.faceShortRange.path(options.model, option: "model")
    detector = try mappingVisionErrors {
      try FaceDetector(model: model, minimumScore: options.minimumScore, executor: host)
    }
  }

  func detect(in image: Tensor) throws -> [Instance] {
    try image.withPicture { try detector.faces(in: $0) }.map { Instance($0, id: nil) }
  }

  func makeSession() throws -> any DetectorSession { BlazeFaceSession(detector) }
}

/// Faces that keep their numbers.
private final class BlazeFaceSession: DetectorSession {
  private var tracker: FaceTracker

  init(_ detector: FaceDetector) { tracker = FaceTracker(detector) }

  func next(_ image: Tensor, at time: Double) throws -> [Instance] {
    try image.withPicture { try tracker.next($0, at: .seconds(time)) }.map { Instance($0.detection, id: $0.id) }
  }
}

extension Instance {
  fileprivate init(_ face: Detection, id: Int?) {
    self.init(box: Box(face.box), score: face.score, id: id, keypoints: face.keypoints.map(Keypoint.init))
  }
}
