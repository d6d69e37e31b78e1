import SentryTestSupport
import Testing

@testable import SentryVision

/// Frames of the shared videos against MediaPipe 0.10.14's.
@Suite(
  .enabled(
    if: SharedData.expects("mediapipe") && SharedData.expects("videos") && GoldenVideo.ffmpeg != nil,
    "shared/data or ffmpeg is absent"))
struct VideoTests {
  private static let names = ["single_face.mp4", "carphone_pristine.mp4", "no_face.mp4", "cam01.mp4"]

  @Test(arguments: names, [1, 2]) func trackedPosesAreMediaPipes(name: String, threads: Int) throws {
    var tracker = PoseTracker(try Networks.poses(threads))
    try GoldenVideo(name).forEach { number, golden, view in
      // As `mp.solutions` counts time.
      let found = try tracker.next(view, at: .microseconds(33_333 * (number + 1)))
      try compare(found.first?.pose.keypoints, golden.tracked, "\(name), frame \(number)")
      guard let world = golden.world, let pose = found.first?.pose else { return }
      let metres = differences(pose.world, rows(world))
      print("WORLD", name, number, metres)
      #expect(max(metres.x, metres.y, metres.z) < 3e-3, "\(metres)")
    }
  }

  @Test(arguments: names) func posesOfFramesAreMediaPipes(name: String) throws {
    let estimator = try Networks.poses()
    try GoldenVideo(name).forEach { number, golden, view in
      try compare(try estimator.poses(in: view).first?.keypoints, golden.alone, "\(name), frame \(number) by itself")
    }
  }

  private func compare(_ found: [Keypoint]?, _ golden: [Float]?, _ what: String) throws {
    try #require((found == nil) == (golden == nil), "\(what)")
    guard let found, let golden else { return }
    let worst = differences(found, rows(golden))
    print("POSE", what, worst)
    #expect(
      worst.x < 1e-3 && worst.y < 1e-3 && worst.z < 3e-3 && worst.visibility < 2e-3, "\(what): \(worst)")
  }

  @Test(arguments: names) func facesAreMediaPipes(name: String) throws {
    let detector = try Networks.faces()
    try GoldenVideo(name).forEach { number, golden, view in
      let found = try detector.faces(in: view)
      try #require(found.count == golden.faces.count)
      for (face, wanted) in zip(found, golden.faces) {
        let ours = [face.score, face.box.x, face.box.y, face.box.width, face.box.height]
        let worst = zip(ours, wanted).map { abs($0 - $1) }.max() ?? 1
        print("FACE", name, number, worst)
        #expect(worst < 1e-3, "\(name), frame \(number): \(worst)")
      }
    }
  }
}
