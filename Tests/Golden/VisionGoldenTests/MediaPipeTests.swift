import SentryImaging
import SentryPosture
import SentryTestSupport
import SentryThreads
import Testing

@testable import SentryVision

/// Faces and poses against MediaPipe 0.10.14's (shared/data/golden_pose).
@Suite(.enabled(if: SharedData.expects("mediapipe") && SharedData.expects("golden_pose"), "shared/data is absent"))
struct MediaPipeTests {
  private func image(_ name: String) throws -> Image { try Image.load(path: SharedData.path("faces/\(name)")) }

  @Test(arguments: [1, 2]) func theFaceIsMediaPipes(threads: Int) throws {
    let found = try image("astronaut.png").withView { try Networks.faces(threads).faces(in: $0) }
    let golden = try table(SharedData.path("golden_pose/golden_face.txt"))[0]
    try #require(found.count == 1)
    let face = found[0]
    let ours = [face.score, face.box.x, face.box.y, face.box.width, face.box.height]
    let worst = zip(ours, golden).map { abs($0 - $1) }.max() ?? 1
    // Wanted are 1e-3; a sample that is not OpenCV's to the bit shows above 1e-5.
    #expect(worst < 1e-5, "\(worst)")
    #expect(face.keypoints.count == FaceDetector.keypointNames.count)
    #expect(face.keypoints[0].x < face.keypoints[1].x, "her right eye is on the left")
  }

  @Test(arguments: [1, 2]) func thePoseIsMediaPipes(threads: Int) throws {
    let found = try image("astronaut.png").withView { try Networks.poses(threads, minimumDetection: 0.3).poses(in: $0) }
    let golden = try table(SharedData.path("golden_pose/golden_tasks_image.txt"))
    let world = try table(SharedData.path("golden_pose/golden_world.txt"))
    let pose = try #require(found.first)
    #expect(pose.keypoints.count == 33)
    let picture = differences(pose.keypoints, golden)
    #expect(picture.x < 1e-3 && picture.y < 1e-3 && picture.z < 3e-3 && picture.visibility < 2e-3, "\(picture)")
    let metres = differences(pose.world, world)
    #expect(max(metres.x, metres.y, metres.z) < 3e-3, "\(metres)")
    #expect(pose.presence > 0.99 && pose.box.width > 0.2)
  }

  /// Several people, nobody, and faces in a picture that is no square.
  @Test func facesOfOtherPictures() throws {
    let detector = try Networks.faces()
    #expect(try image("free-mountain-vector-01.jpg").withView { try detector.faces(in: $0) }.isEmpty)
    #expect(try image("multi_face.jpg").withView { try detector.faces(in: $0) }.count > 1)
    let picture = try image("single_face.jpg")
    #expect(picture.width != picture.height)
    let one = try picture.withView { try detector.faces(in: $0) }
    #expect(one.count == 1 && one[0].box.x > 0 && one[0].box.x + one[0].box.width < 1)
    // Square in pixels.
    let (width, height) = (one[0].box.width * Float(picture.width), one[0].box.height * Float(picture.height))
    #expect(abs(width - height) < 1)
  }

  @Test func nobodyIsNoError() throws {
    let estimator = try Networks.poses()
    var tracker = PoseTracker(estimator)
    try image("free-mountain-vector-01.jpg").withView { (view: PixelView) throws -> Void in
      #expect(try estimator.poses(in: view).isEmpty)
      #expect(try tracker.next(view, at: .zero).isEmpty && !tracker.isTracking)
    }
  }

  /// A picture that does not move: what is tracked stays where the detector found it, and smoothing changes nothing.
  @Test func aStillPictureIsTracked() throws {
    let estimator = try Networks.poses(2)
    try image("astronaut.png").withView { (view: PixelView) throws -> Void in
      let alone = try #require(try estimator.poses(in: view).first)
      var options = PoseTracker.Options()
      options.smooths = false
      var (smoothed, plain) = (PoseTracker(estimator), PoseTracker(estimator, options))
      for frame in 0..<4 {
        let time = Duration.milliseconds(33 * frame)
        let (one, other) = (try smoothed.next(view, at: time), try plain.next(view, at: time))
        let (first, second) = (try #require(one.first).pose, try #require(other.first).pose)
        #expect(smoothed.isTracking)
        if frame == 0 { #expect(first == alone && second == alone) }
        // The face and the shoulders; the legs are not in the picture.
        for point in 0..<13 {
          #expect(abs(second.keypoints[point].x - alone.keypoints[point].x) < 0.02)
          #expect(abs(first.keypoints[point].y - second.keypoints[point].y) < 0.02)
        }
      }
      smoothed.reset()
      #expect(try smoothed.next(view, at: .seconds(1)).map(\.pose) == [alone])
    }
  }

  /// The estimator's 33 points are what the posture features are made of.
  @Test func posturesFeaturesTakeThePoints() throws {
    let pose = try #require(
      try image("astronaut.png").withView { try Networks.poses(minimumDetection: 0.3).poses(in: $0) }.first)
    var features = PostureFeatures()
    let row = try features.next(
      pose.keypoints.map { PoseLandmark(x: $0.x, y: $0.y, z: $0.z, visibility: $0.visibility) })
    #expect(row.count == PostureFeatures.count && row.allSatisfy(\.isFinite))
    // Her shoulders: 0.38 of the picture apart, nearly level, the left one on the right.
    #expect(abs(row[3] - 0.383) < 2e-3 && abs(row[5] - 0.0353) < 1e-3 && abs(row[0]) < 0.1)
  }

  @Test func anotherModelIsRefused() throws {
    let executor = try ThreadPool(threadCount: 1)
    let error = #expect(throws: (any Error).self) {
      _ = try FaceDetector(model: SharedData.path("mediapipe/pose_detection.tflite"), executor: executor)
    }
    #expect("\(error as Any)".contains("pose_detection.tflite") && "\(error as Any)".contains("regressors"))
    let swapped = #expect(throws: (any Error).self) {
      _ = try PoseEstimator(
        detector: SharedData.path("mediapipe/pose_landmark_full.tflite"),
        landmarks: SharedData.path("mediapipe/pose_detection.tflite"), executor: executor)
    }
    #expect("\(swapped as Any)".contains("[1, 256, 256, 3], and [1, 224, 224, 3]"))
  }
}
