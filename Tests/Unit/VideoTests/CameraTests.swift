import Foundation
import SentryVideo
import Testing

@Suite struct CameraTests {
  @Test func anAbsentCameraIsTold() throws {
    #expect(try VideoSource("97") == .camera(device: "/dev/video97"))
    let error = try #require(throws: VideoError.self) { _ = try VideoSource("97").open() }
    #expect(error.code == .unreadable && error.place == "/dev/video97" && error.hint.contains("--list-cameras"))
  }

  @Test func otherDevicesAreNoCameras() throws {
    let error = try #require(throws: VideoError.self) { _ = try VideoSource("/dev/null").open() }
    #expect(error.place == "/dev/null" && error.reason.contains("no camera"))
  }

  /// Each device has its name and its reason.
  @Test func devicesAreListedByNumber() throws {
    let folder = NSTemporaryDirectory() + "sentry-devices-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for index in [10, 2] {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/names/video\(index)", withIntermediateDirectories: true)
      try Data("Camera \(index)\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/names/video\(index)/name"))
      try Data().write(to: URL(fileURLWithPath: "\(folder)/video\(index)"))
    }
    let cameras = Camera.all(in: folder, classes: folder + "/names")
    #expect(cameras.map(\.index) == [2, 10])
    #expect(cameras.map(\.name) == ["Camera 2", "Camera 10"])
    #expect(cameras.allSatisfy { $0.problem != nil })
    #expect(Camera.all(in: folder + "/absent").isEmpty)
  }
}
