import CSentryPlugin
import Foundation
import SentryImaging
import SentryTestSupport
import SentryVision
import Testing

@testable import FaceBlazeFace
@testable import PoseBlazePose
@testable import SentryPluginAPI

/// The detectors as the host sees them.
@Suite(.enabled(if: SharedData.expects("mediapipe"), "shared/data is absent"))
struct DetectorPluginTests {
  private func options<Value: Decodable>(_ members: [String: JSONValue]) throws -> Value {
    try Options(json: JSON.text(JSONValue.object(members))).decode()
  }

  private func face(_ model: String = SharedData.path("mediapipe/face_detection_short_range.tflite")) throws
    -> any Detector
  {
    let face = try BlazeFace(options: options(["model": .string(model), "min-score": 0.5]), host: TestHost.host)
    return try ImportedDetector(adopting: export(face as any Detector))
  }

  private func pose(
    detector: String = SharedData.path("mediapipe/pose_detection.tflite"),
    landmarks: String = SharedData.path("mediapipe/pose_landmark_full.tflite"), people: Int = 4
  ) throws -> any Detector {
    let pose = try BlazePose(
      options: options([
        "detector": .string(detector), "landmarks": .string(landmarks), "people": .integer(people),
        "min-detection": 0.5, "min-presence": 0.5, "smooth": true,
      ]), host: TestHost.host)
    return try ImportedDetector(adopting: export(pose as any Detector))
  }

  private func tensor(_ name: String) throws -> (Image, Tensor) {
    let image = try Image.load(path: SharedData.path("faces/\(name)"))
    return (image, Tensor([image.height, image.width, 3], image.pixels))
  }

  @Test func faces() throws {
    let (image, picture) = try tensor("astronaut.png")
    let detector = try face()
    #expect(detector.specification.instances == "face" && detector.specification.keypoints.count == 6)
    let found = try #require(try detector.detect(in: picture).first)
    let wanted = try #require(try image.withView { try Networks.faces().faces(in: $0) }.first)
    #expect(found.score == wanted.score && found.box.x == wanted.box.x && found.box.height == wanted.box.height)
    #expect(found.id == nil && found.keypoints.count == 6 && found.keypoints[2].x == wanted.keypoints[2].x)
    let session = try detector.makeSession()
    for frame in 0..<3 { #expect(try session.next(picture, at: 0.04 * Double(frame)).map(\.id) == [1]) }
    // Another session counts anew.
    #expect(try detector.makeSession().next(picture, at: 0).map(\.id) == [1])
  }

  @Test func persons() throws {
    let (image, picture) = try tensor("astronaut.png")
    let detector = try pose()
    #expect(detector.specification.instances == "person" && detector.specification.keypoints.count == 33)
    #expect(detector.specification.edges.count == 35)
    let found = try #require(try detector.detect(in: picture).first)
    let wanted = try #require(try image.withView { try Networks.poses().poses(in: $0) }.first)
    #expect(found.score == wanted.presence && found.keypoints[12].y == wanted.keypoints[12].y)
    #expect(found.world.count == 33 && found.world[12].z == wanted.world[12].z)
    let session = try detector.makeSession()
    for frame in 0..<3 { #expect(try session.next(picture, at: 0.04 * Double(frame)).map(\.id) == [1]) }
    let (_, nobody) = try tensor("free-mountain-vector-01.jpg")
    #expect(try detector.detect(in: nobody).isEmpty)
  }

  @Test func otherImagesAreRefused() throws {
    let detector = try face()
    for image in [Tensor([4, 4, 1], .uint8), Tensor([4, 12], .uint8), Tensor([4, 4, 3], .float32)] {
      let error = #expect(throws: PluginError.self) { try detector.detect(in: image) }
      #expect(error?.code == SENTRY_INVALID)
    }
  }

  @Test func badModelFilesAreNamed() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let cut = folder.appending(path: "cut.tflite")
    let whole = try Data(contentsOf: URL(filePath: SharedData.path("mediapipe/face_detection_short_range.tflite")))
    try whole.prefix(100_000).write(to: cut)
    let error = #expect(throws: PluginError.self) { try face(cut.path) }
    #expect(error?.code == SENTRY_BAD_DATA && error?.message.contains("cut.tflite") == true)
    let absent = #expect(throws: PluginError.self) { try pose(landmarks: "/nowhere/pose.tflite") }
    #expect(absent?.message.contains("/nowhere/pose.tflite") == true)
    let swapped = #expect(throws: PluginError.self) { try face(SharedData.path("mediapipe/pose_detection.tflite")) }
    #expect(swapped?.message.contains("pose_detection.tflite") == true && swapped?.hint != nil)
    let empty = #expect(throws: PluginError.self) { try pose(detector: "") }
    #expect(empty?.message == "the option 'detector' names no file")
  }
}
