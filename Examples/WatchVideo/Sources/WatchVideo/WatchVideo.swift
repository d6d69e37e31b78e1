import Sentry

// Emotions and posture in a video, from Swift. Models give research indicators, never a diagnosis.
//
//   WatchVideo VIDEO EMOTION_CHECKPOINT [FRAMES]

/// Finds persons, with 33 keypoints each.
func makePoseEstimator() throws -> InstanceDetector { try InstanceDetector("blazepose") }

/// The 15 posture features of a person, frame by frame.
func makePostureFeatureExtractor(_ poses: InstanceDetector) throws -> InstanceFeatures {
  try InstanceFeatures("posture-15", of: poses)
}

/// A trained emotion model: it finds the faces by itself.
func makeEmotionClassifier(checkpoint: String) throws -> LiveClassifier {
  try LiveClassifier(checkpoints: [checkpoint])
}

@main struct WatchVideo {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3 || arguments.count == 4 else {
      print("usage: WatchVideo VIDEO EMOTION_CHECKPOINT [FRAMES]")
      return
    }
    let limit = arguments.count == 4 ? Int(arguments[3]) ?? .max : .max
    let video = try Video(arguments[1])
    let poses = try makePoseEstimator()
    let posture = try makePostureFeatureExtractor(poses)
    let emotions = try makeEmotionClassifier(checkpoint: arguments[2])

    var frames = 0
    while frames < limit, let frame = try video.next() {
      for person in try poses.track(frame) {
        let features = try posture.next(person, at: frame.time)
        print("\(frame.time) s: person \(person.id ?? 0), \(posture.names[0]) \(features[0])")
      }
      for face in try emotions.predict(frame) {
        print("\(frame.time) s: face at \(Int(face.box.x)),\(Int(face.box.y)): \(face.label) \(face.confidence)")
      }
      frames += 1
    }
    for note in video.notes { print(note) }
  }
}
