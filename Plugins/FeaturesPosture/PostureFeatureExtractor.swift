import SentryLandmarks
import SentryPluginAPI
import SentryPosture

struct PostureFeatureExtractor: FeatureExtractor {
  let specification = FeatureSpecification(
    names: PostureFeatures.names, keypoints: KeypointLayout.mediaPipe.keypoints)

  func makeSession() -> any FeatureSession { PostureFeatureSession() }
}

/// The features of one person, frame by frame: the same frames give the same numbers, live and from a file.
///
/// Frames that do not show the person are not passed. Movement after a gap is the way since the last frame that did, and the memory
/// of stillness and fidgeting counts frames, not seconds. A keypoint without a position keeps its last one, with visibility 0.
final class PostureFeatureSession: FeatureSession {
  private var features = PostureFeatures()
  private var last: [PoseLandmark?] = []

  /// - Throws: ``PluginError`` (bad data) for a keypoint that has had no position yet; the frame then does not count.
  func next(_ keypoints: [Instance.Keypoint], at time: Double) throws -> [Float] {
    let names = KeypointLayout.mediaPipe.keypoints
    guard keypoints.count == names.count else {
      throw PluginError.invalid("a frame has \(keypoints.count) keypoints instead of \(names.count)")
    }
    let landmarks = try keypoints.indices.map { index -> PoseLandmark in
      let point = keypoints[index]
      if point.x.isFinite, point.y.isFinite {
        return PoseLandmark(
          x: point.x, y: point.y, z: point.z.isFinite ? point.z : 0,
          visibility: point.visibility.isFinite ? point.visibility : 0)
      }
      guard last.indices.contains(index), var landmark = last[index] else {
        throw PluginError.badData("the keypoint \(names[index]) has had no position up to \(time) s")
      }
      landmark.visibility = 0
      return landmark
    }
    let values = try features.next(landmarks)
    last = landmarks
    return values
  }
}
