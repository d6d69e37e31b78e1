import SentryNN
import SentryThreads

/// Faces within some two metres of the camera, with six keypoints: Bazarevsky et al., "BlazeFace: Sub-millisecond neural face
/// detection on mobile GPUs", 2019, as MediaPipe's `face_detection_short_range` has it.
///
/// A detector belongs to one caller at a time.
public final class FaceDetector {
  /// Of the keypoints, in their order; left and right are the person's own.
  public static let keypointNames = [
    "right_eye", "left_eye", "nose_tip", "mouth_centre", "right_ear_tragion", "left_ear_tragion",
  ]

  private let detector: SingleShotDetector
  private let minimumScore: Float

  /// - Parameters:
  ///   - model: the path of `face_detection_short_range.tflite`.
  ///   - minimumScore: what is less sure is no face.
  /// - Throws: ``FormatError`` for a file that is no such model, or ``NNError``.
  public init(model: String, minimumScore: Float = 0.5, executor: any ParallelExecutor) throws {
    self.minimumScore = minimumScore
    detector = try SingleShotDetector(
      model,
      SingleShotDetector.Description(
        side: 128, strides: [8, 16, 16, 16], keypoints: Self.keypointNames.count, boxes: "regressors",
        scores: "classificators", overlap: 0.3), try ComputeContext(executor: executor, maximumChannels: 1))
  }

  /// The faces in a picture, the surest first. Throws ``NNError``.
  public func faces(in view: PixelView) throws -> [Detection] {
    try detector.detect(view, minimumScore: minimumScore)
  }

  /// oneDNN's names of what computes the network.
  public var implementations: Set<String> { detector.implementations }
}
