import SentryDetectors
import SentryPluginAPI

/// The options of ``BlazeFace``, as the host checked and completed them.
struct FaceOptions: Decodable, Sendable {
  var model: String
  var minimumScore: Float

  enum CodingKeys: String, CodingKey {
    case model
    case minimumScore = "min-score"
  }

  static let declarations: [OptionDeclaration] = [
    .file("model", MediaPipeFile.faceShortRange, "MediaPipe's face_detection_short_range.tflite."),
    .number("min-score", 0.5, minimum: 0, maximum: 1, "Detections with a lower score are dropped."),
  ]
}
