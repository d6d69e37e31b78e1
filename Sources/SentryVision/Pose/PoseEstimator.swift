import SentryNN
import SentryThreads

/// Bodies in pictures, with 33 points each: Bazarevsky et al., "BlazePose: On-device real-time body pose tracking", 2020, as MediaPipe
/// has it. A detector looks for bodies in the whole picture; a second network finds the points of each.
///
/// An estimator belongs to one caller at a time; ``PoseTracker`` follows a body through a video with it.
public final class PoseEstimator: BodyFinder {
  public struct Options: Sendable {
    /// What the detector is less sure of is no body.
    public var minimumDetection: Float = 0.5
    /// Where the second network is less sure, there is none either.
    public var minimumPresence: Float = 0.5
    /// How many places of the map of 64×64 around a point refine it, in each direction: 3 as MediaPipe's Tasks have it, 4 as
    /// `mp.solutions` has it. The points then lie up to 0.01 of the picture apart.
    public var refinement = 3

    public init() {}
  }

  public let options: Options
  private let detector: SingleShotDetector
  private let landmarker: PoseLandmarker

  /// - Parameters:
  ///   - detector: the path of `pose_detection.tflite`.
  ///   - landmarks: the path of `pose_landmark_full.tflite`.
  /// - Throws: ``FormatError`` for a file that is no such model, or ``NNError``.
  public init(detector: String, landmarks: String, options: Options = Options(), executor: any ParallelExecutor) throws
  {
    let context = try ComputeContext(executor: executor, maximumChannels: 1)
    self.options = options
    // Its keypoints: the middle of the hips, a point on the circle around the body, and the same of the upper body.
    self.detector = try SingleShotDetector(
      detector,
      SingleShotDetector.Description(
        side: 224, strides: [8, 16, 32, 32, 32], keypoints: 4, boxes: "Identity", scores: "Identity_1", overlap: 0.5),
      context)
    landmarker = try PoseLandmarker(landmarks, refinement: options.refinement, context)
  }

  /// The bodies in a picture by itself, the surest first. Throws ``NNError``.
  /// - Parameter limit: of how many the points are looked for.
  public func poses(in view: PixelView, limit: Int = 1) throws -> [Pose] {
    try regions(in: view).prefix(limit).compactMap { try find(view, $0)?.pose }
  }

  /// The bodies that the detector sees, without their points.
  public func detections(in view: PixelView) throws -> [Detection] {
    try detector.detect(view, minimumScore: options.minimumDetection)
  }

  func regions(in view: PixelView) throws -> [Region] {
    try detections(in: view).map {
      .body(around: $0.keypoints[0].place * view.size, reaching: $0.keypoints[1].place * view.size)
    }
  }

  func find(_ view: PixelView, _ region: Region) throws -> PoseLandmarker.Finding? {
    try landmarker.find(view, region, minimumPresence: options.minimumPresence)
  }

  /// oneDNN's names of what computes the networks.
  public var implementations: Set<String> { detector.implementations.union(landmarker.implementations) }
}
