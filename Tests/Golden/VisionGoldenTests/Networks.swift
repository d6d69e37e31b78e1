import SentryTestSupport
import SentryThreads
import Testing

@testable import SentryVision

/// The networks of shared/data/mediapipe.
enum Networks {
  static func faces(_ threads: Int = 1) throws -> FaceDetector {
    try FaceDetector(
      model: SharedData.path("mediapipe/face_detection_short_range.tflite"),
      executor: ThreadPool(threadCount: threads))
  }

  /// - Parameters:
  ///   - minimumDetection: everything above it is blended, so it must be the golden file's.
  ///   - refinement: 3 for golden files of MediaPipe's Tasks, 4 for those of `mp.solutions`.
  static func poses(_ threads: Int = 1, minimumDetection: Float = 0.5, refinement: Int = 3) throws -> PoseEstimator {
    var options = PoseEstimator.Options()
    (options.minimumDetection, options.refinement) = (minimumDetection, refinement)
    return try PoseEstimator(
      detector: SharedData.path("mediapipe/pose_detection.tflite"),
      landmarks: SharedData.path("mediapipe/pose_landmark_full.tflite"), options: options,
      executor: ThreadPool(threadCount: threads))
  }
}

/// The largest ones of each number.
func differences(_ points: [Keypoint], _ golden: [[Float]]) -> Keypoint {
  var worst = Keypoint(x: 0, y: 0, z: 0, visibility: 0)
  #expect(points.count == golden.count)
  for (point, wanted) in zip(points, golden) {
    worst.x = max(worst.x, abs(point.x - wanted[0]))
    worst.y = max(worst.y, abs(point.y - wanted[1]))
    worst.z = max(worst.z, abs(point.z - wanted[2]))
    worst.visibility = max(worst.visibility, abs(point.visibility - wanted[3]))
  }
  return worst
}
