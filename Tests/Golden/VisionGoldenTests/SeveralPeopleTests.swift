import SentryImaging
import SentryTestSupport
import Testing

@testable import SentryVision

/// Persons who move through a made-up video: copies of one picture on black.
@Suite(.enabled(if: SharedData.expects("mediapipe"), "shared/data is absent"))
struct SeveralPeopleTests {
  private static let (width, height) = (960, 540)

  /// The picture at half and at a third of its size.
  private let large, small: Image

  init() throws {
    let whole = try Image.load(path: SharedData.path("faces/astronaut.png"))
    (large, small) = (try Self.reduced(whole, 2), try Self.reduced(whole, 3))
  }

  private static func reduced(_ image: Image, _ factor: Int) throws -> Image {
    let (width, height) = (image.width / factor, image.height / factor)
    var pixels: [UInt8] = []
    for row in 0..<height {
      for column in 0..<width {
        let start = 3 * (row * factor * image.width + column * factor)
        pixels += image.pixels[start..<start + 3]
      }
    }
    return try Image(width: width, height: height, channels: 3, pixels: pixels)
  }

  /// Later persons stand before earlier ones.
  private func frame(_ persons: [(image: Image, x: Int, y: Int)]) throws -> Image {
    var pixels = [UInt8](repeating: 0, count: 3 * Self.width * Self.height)
    for (image, x, y) in persons {
      let columns = max(0, -x)..<min(image.width, Self.width - x)
      guard !columns.isEmpty else { continue }
      for row in 0..<min(image.height, Self.height - y) {
        let source = 3 * (row * image.width + columns.lowerBound)
        let target = 3 * ((y + row) * Self.width + x + columns.lowerBound)
        pixels.replaceSubrange(
          target..<target + 3 * columns.count, with: image.pixels[source..<source + 3 * columns.count])
      }
    }
    return try Image(width: Self.width, height: Self.height, channels: 3, pixels: pixels)
  }

  private func tracker(limit: Int) throws -> PoseTracker {
    var options = PoseTracker.Options()
    options.limit = limit
    return PoseTracker(try Networks.poses(2), options)
  }

  private func next(_ tracker: inout PoseTracker, _ persons: [(image: Image, x: Int, y: Int)], _ frame: Int) throws
    -> [PoseTracker.Body]
  {
    try self.frame(persons).withView { try tracker.next($0, at: .milliseconds(33 * frame)) }
  }

  /// Two pass each other, one above the other: each keeps its number.
  @Test func twoWhoPassEachOtherKeepTheirNumbers() throws {
    var tracker = try tracker(limit: 4)
    for number in 0..<24 {
      let way = 28 * number
      let bodies = try next(&tracker, [(large, 20 + way, 0), (large, 680 - way, 275)], number)
      print("PASS", number, bodies.map { ($0.id, $0.pose.keypoints[0].x, $0.pose.keypoints[0].y) })
      try #require(bodies.map(\.id) == [1, 2], "frame \(number)")
      // The numbers follow the score; who is who is told by the height.
      let heights = bodies.map { $0.pose.keypoints[0].y < 0.5 }
      #expect(heights[0] != heights[1])
      let upper = bodies[heights[0] ? 0 : 1].pose.keypoints[0]
      // Her nose lies at 0.44 of the picture's width.
      #expect(abs(upper.x * 960 - Float(20 + way) - 0.44 * 256) < 25, "frame \(number): \(upper)")
    }
  }

  /// A smaller one passes behind a larger one and is hidden on the way.
  @Test func whoIsHiddenComesBackAsTheSameOne() throws {
    var tracker = try tracker(limit: 2)
    var ids: [[Int]] = []
    for number in 0..<30 {
      let bodies = try next(&tracker, [(small, 40 + 24 * number, 150), (large, 350, 140)], number)
      print("HIDE", number, bodies.map { ($0.id, $0.pose.keypoints[0].x, $0.pose.region.centre, $0.pose.region.size.x) })
      ids.append(bodies.map(\.id))
    }
    #expect(ids.first == [1, 2] && ids.last == [1, 2])
    #expect(ids.allSatisfy { Set($0).isSubset(of: [1, 2]) && Set($0).count == $0.count })
  }

  @Test func whoComesLaterGetsANewNumberAndWhoGoesLeavesIt() throws {
    var tracker = try tracker(limit: 3)
    for number in 0..<4 { #expect(try next(&tracker, [(large, 20, 100)], number).map(\.id) == [1]) }
    // Found when the detector looks the next time.
    var seen: [Int] = []
    for number in 4..<24 { seen = try next(&tracker, [(large, 20, 100), (large, 600, 100)], number).map(\.id) }
    #expect(seen == [1, 2])
    for number in 24..<60 { seen = try next(&tracker, [(large, 20, 100)], number).map(\.id) }
    #expect(seen == [1])
    // More than a second later: nobody knows whether it is the same person.
    for number in 60..<80 { seen = try next(&tracker, [(large, 20, 100), (large, 600, 100)], number).map(\.id) }
    #expect(seen == [1, 3])
    // A frame of another size is another picture.
    let other = try Image.load(path: SharedData.path("faces/astronaut.png"))
    #expect(try other.withView { try tracker.next($0, at: .seconds(3)) }.map(\.id) == [4])
  }

  @Test func aLimitIsKept() throws {
    var tracker = try tracker(limit: 1)
    for number in 0..<20 {
      #expect(try next(&tracker, [(large, 20, 100), (large, 600, 100)], number).map(\.id) == [1])
    }
  }

  @Test func facesKeepTheirNumbers() throws {
    var tracker = FaceTracker(try Networks.faces())
    for number in 0..<10 {
      let way = 20 * number
      let image = try frame([(large, 20 + way, 0), (large, 680 - way, 275)])
      let faces = try image.withView { try tracker.next($0, at: .milliseconds(33 * number)) }
      let upper = try #require(faces.first { $0.detection.box.y < 0.4 })
      let lower = try #require(faces.first { $0.detection.box.y > 0.4 })
      print("FACES", number, upper.id, lower.id)
      #expect(faces.count == 2 && Set([upper.id, lower.id]) == [1, 2])
    }
  }
}
