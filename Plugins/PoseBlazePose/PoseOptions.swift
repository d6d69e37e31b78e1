import SentryDetectors
import SentryPluginAPI
import SentryVision

/// The options of ``BlazePose``, as the host checked and completed them.
struct PoseOptions: Decodable, Sendable {
  var detector: String
  var landmarks: String
  var people: Int
  var minimumDetection: Float
  var minimumPresence: Float
  var smooth: Bool

  enum CodingKeys: String, CodingKey {
    case detector, landmarks, people, smooth
    case minimumDetection = "min-detection"
    case minimumPresence = "min-presence"
  }

  static let declarations: [OptionDeclaration] = [
    .file("detector", MediaPipeFile.poseDetection, "MediaPipe's pose_detection.tflite."),
    .file("landmarks", MediaPipeFile.poseLandmarkFull, "MediaPipe's pose_landmark_full.tflite."),
    .integer(
      "people", 4, minimum: 1, maximum: 64,
      "The most persons that are found. Each costs time; with 1, a video is tracked as MediaPipe tracks it."),
    .number("min-detection", 0.5, minimum: 0, maximum: 1, "Persons that the detector gives a lower score are dropped."),
    .number(
      "min-presence", 0.5, minimum: 0, maximum: 1,
      "Persons for whom the landmark network gives a lower probability are dropped."),
    .flag(
      "smooth", true,
      "In videos: smooth the keypoints over time, as MediaPipe does. They then depend on the frames before."),
  ]

  var estimation: PoseEstimator.Options {
    var options = PoseEstimator.Options()
    (options.minimumDetection, options.minimumPresence) = (minimumDetection, minimumPresence)
    return options
  }

  var tracking: PoseTracker.Options {
    var options = PoseTracker.Options()
    (options.limit, options.smooths) = (people, smooth)
    return options
  }
}
