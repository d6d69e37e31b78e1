import SentryPluginAPI
import SentryTestSupport
import SentryVision
import Testing

@testable import SentryLandmarks

@Suite struct OpenPoseFolderTests {
  /// A standing body of BODY_25 whose middle of the hips is between the hips, at `x` pixels.
  private static func person(_ x: Float, confidence: Float = 0.9, missing: Set<Int> = [], count: Int = 25) -> String {
    let numbers = (0..<count).map { index -> String in
      let hips: [Int: Float] = [8: 0, 9: -10, 12: 10]
      let y: Float = [0: 0, 1: 50, 8: 200, 9: 200, 12: 200][index] ?? Float(index) * 10
      return missing.contains(index) ? "0,0,0" : "\(x + (hips[index] ?? 0)),\(y),\(confidence)"
    }
    return "{\"pose_keypoints_2d\":[\(numbers.joined(separator: ","))]}"
  }

  private static func frame(_ people: [String]) -> String {
    "{\"version\":1.3,\"people\":[\(people.joined(separator: ","))]}"
  }

  @Test func framesAreInTheOrderOfTheirNumbers() throws {
    let tree = try Tree()
    try tree.write(
      "clip/clip_000000000010_keypoints.json", Self.frame([Self.person(320), Self.person(64, missing: [0])]))
    try tree.write("clip/clip_000000000009_keypoints.json", Self.frame([]))
    try tree.write("clip/clip_000000000012_keypoints.json", Self.frame([Self.person(320, confidence: 1.04)]))
    let source = try LandmarkFiles.open(
      "\(tree.root)/clip", LandmarkOptions(pictureSize: SIMD2(640, 400), rate: 10))
    #expect(source.keypoints == KeypointLayout.body25.keypoints)
    let frames = try source.frames()
    #expect(frames.map(\.index) == [9, 10, 12] && frames.map(\.time) == [0, 0.1, 0.3])
    #expect(frames.map(\.instances.count) == [0, 2, 1])
    let (first, second) = (frames[1].instances[0].keypoints, frames[1].instances[1].keypoints)
    #expect(first[8] == .init(x: 0.5, y: 0.5, visibility: 0.9))
    #expect(second[0].x.isNaN && second[0].visibility == 0 && abs(second[8].x - 0.1) < 1e-6)
    #expect(frames[2].instances[0].keypoints[8].visibility == 1)
  }

  @Test func eighteenKeypointsAreCOCOs() throws {
    let tree = try Tree()
    try tree.write("f1.json", Self.frame([Self.person(3, count: 18)]))
    let source = try LandmarkFiles.open(tree.root, LandmarkOptions(pictureSize: SIMD2(640, 400)))
    #expect(source.keypoints == KeypointLayout.coco18.keypoints)
    #expect(source.notes.contains { $0.contains("18 keypoints read as coco-18") })
    #expect(try source.frames()[0].time == nil)
  }

  @Test(arguments: [
    (["f1.json": frame([])], "nobody is in any of the frames"), (["x.txt": ""], "holds no .json file"),
    (["a1.json": frame([person(1)]), "b01.json": frame([person(1)])], "are the same frame"),
    (["a.json": frame([person(1)])], "holds no number of a frame"),
    (["a1.json": frame([person(1)]), "a2.json": frame([person(1, count: 18)])], "a person has 18 keypoints"),
    (["a1.json": frame([person(1, count: 2)])], "a person has 6 numbers"), (["a1.json": "{}"], "'people' is missing"),
    (["a1.json": frame([person(320)])], "is in pixels"),
  ]) func whatIsNoRecordingIsRefused(files: [String: String], message: String) throws {
    let tree = try Tree()
    for (name, text) in files { try tree.write(name, text) }
    let isOfPixels = message == "is in pixels"
    let error = failure(tree.root, LandmarkOptions(pictureSize: isOfPixels ? nil : SIMD2(640, 400)))
    #expect(error?.contains(message) == true, "\(error ?? "no error")")
  }

  @Test func aFolderHoldsRecordings() throws {
    let tree = try Tree()
    for name in ["cam1/f1.json", "cam2/f1.json", "table.csv", "notes.txt", "empty/x.txt"] { try tree.write(name, "") }
    #expect(
      LandmarkFiles.recordings(at: tree.root).map { $0.dropFirst(tree.root.count) } == ["/cam1", "/cam2", "/table.csv"])
    #expect(LandmarkFiles.recordings(at: "\(tree.root)/cam1") == ["\(tree.root)/cam1"])
    #expect(LandmarkFiles.recordings(at: "\(tree.root)/notes.txt") == [])
  }

  /// The real recording is of BODY_25B, which as BODY_25 would be another body: it is refused until someone says so.
  @Test(.enabled(if: SharedData.expects("posture/openpose_pose2sim"), "needs ../shared/data/posture"))
  func theOtherLayoutOf25IsToldAndRead() throws {
    let cameras = LandmarkFiles.recordings(at: SharedData.path("posture/openpose_pose2sim"))
    #expect(cameras.count == 4)
    var options = LandmarkOptions(pictureSize: SIMD2(1088, 1920), rate: 60)
    for camera in cameras {
      #expect(failure(camera, options)?.contains("--keypoints body-25b") == true)
    }
    options.layout = .body25B
    for camera in cameras {
      let source = try LandmarkFiles.open(camera, options)
      let frames = try source.frames()
      #expect(frames.count == 100 && frames[0].time == 0 && abs((frames[99].time ?? 0) - 1.65) < 1e-9)
      let (shoulder, hip) = (5, 11)
      let people = frames.compactMap { $0.instances.max { $0.box.height < $1.box.height } }
      #expect(people.count > 90)
      #expect(
        people.allSatisfy {
          $0.keypoints[shoulder].x.isNaN || $0.keypoints[hip].x.isNaN
            || $0.keypoints[shoulder].y < $0.keypoints[hip].y
        })
    }
  }

  @Test func layoutsNameEachKeypointOnce() {
    #expect(KeypointLayout.mediaPipe.keypoints.count == Pose.keypointCount)
    #expect(KeypointLayout.all.map(\.keypoints.count) == [33, 25, 25, 18])
    for layout in KeypointLayout.all { #expect(Set(layout.keypoints).count == layout.keypoints.count) }
  }
}
