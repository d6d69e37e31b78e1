import SentryImaging
import SentryTestSupport
import Testing

@testable import SentryVision

/// Two persons in one picture: a photograph twice, side by side.
@Suite(.enabled(if: SharedData.expects("mediapipe"), "shared/data is absent"))
struct SeveralPeopleTests {
  private let photograph: Image

  init() throws { photograph = try Image.load(path: SharedData.path("faces/astronaut.png")) }

  /// - Parameters:
  ///   - shift: how far the left one has gone to the right, and the right one to the left, in pixels.
  ///   - left: the first column of the photograph that is taken.
  ///   - side: how many columns and rows are taken.
  private func frame(shift: Int, left: Int = 0, side: Int = 512) throws -> Image {
    let width = 2 * side + 100
    var pixels = [UInt8](repeating: 0, count: 3 * width * side)
    for row in 0..<side {
      let start = 3 * (row * photograph.width + left)
      for column in [shift, width - side - shift] {
        let target = 3 * (row * width + column)
        pixels.replaceSubrange(target..<target + 3 * side, with: photograph.pixels[start..<start + 3 * side])
      }
    }
    return try Image(width: width, height: side, channels: 3, pixels: pixels)
  }

  private func ids(limit: Int) throws -> [[Int]] {
    var options = PoseTracker.Options()
    options.limit = limit
    var tracker = PoseTracker(try Networks.poses(2, minimumDetection: 0.25), options)
    return try (0..<6).map { number in
      try frame(shift: 8 * number).withView { try tracker.next($0, at: .milliseconds(33 * number)) }.map(\.id)
    }
  }

  @Test func bothKeepTheirNumbers() throws {
    #expect(try ids(limit: 4) == [[Int]](repeating: [1, 2], count: 6))
    #expect(try ids(limit: 1) == [[Int]](repeating: [1], count: 6))
  }

  @Test func facesKeepTheirNumbers() throws {
    var tracker = FaceTracker(try Networks.faces())
    var left: [Int] = []
    for number in 0..<6 {
      // Her face alone: smaller ones the detector does not see.
      let image = try frame(shift: 8 * number, left: 96, side: 256)
      let faces = try image.withView { try tracker.next($0, at: .milliseconds(33 * number)) }
      try #require(Set(faces.map(\.id)) == [1, 2] && faces.count == 2)
      left += faces.filter { $0.detection.box.x < 0.45 }.map(\.id)
    }
    #expect(left.count == 6 && Set(left).count == 1)
  }
}
