import Testing

@testable import SentryVision

/// Bodies that are where the test says, at the pace of 25 frames a second.
private final class Stage: BodyFinder {
  struct Body {
    var x: Float
    var y: Float = 300
    /// Of the region around it.
    var size: Float = 200
    /// Of those that stand in one place the first one is seen.
    var isHidden = false
  }

  var bodies: [Body] = []
  private(set) var detections = 0

  func regions(in view: PixelView) -> [Region] {
    detections += 1
    return bodies.filter { !$0.isHidden }.map { Region(centre: [$0.x, $0.y], size: [$0.size, $0.size]) }
  }

  func find(_ view: PixelView, _ region: Region) -> PoseLandmarker.Finding? {
    func distance(_ body: Body) -> Float {
      let way = SIMD2(body.x, body.y) - region.centre
      return (way * way).sum().squareRoot()
    }
    guard let body = bodies.filter({ !$0.isHidden }).min(by: { distance($0) < distance($1) }),
      distance(body) < region.size.max() / 2
    else { return nil }
    let hips = Keypoint(x: body.x / view.size.x, y: body.y / view.size.y)
    let top = Keypoint(x: hips.x, y: (body.y - body.size / 2.5) / view.size.y)
    let points = [Keypoint](repeating: hips, count: Pose.keypointCount)
    return PoseLandmarker.Finding(
      pose: Pose(keypoints: points, world: points, presence: 1, region: region), alignment: [hips, top])
  }
}

@Suite struct PoseTrackerTests {
  private let stage = Stage()

  private func tracker(limit: Int = 4) -> PoseTracker {
    var options = PoseTracker.Options()
    (options.limit, options.smooths) = (limit, false)
    return PoseTracker(finder: stage, options)
  }

  /// Number and place of each body in a frame.
  private func next(
    _ tracker: inout PoseTracker, _ frame: Int, width: Int = 960, _ bodies: Stage.Body...
  ) throws -> [(id: Int, x: Float)] {
    stage.bodies = bodies
    let pixel = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
    defer { pixel.deallocate() }
    // Nobody looks at the pixels.
    let view = try PixelView(pixel, width: width, height: 540)
    return try tracker.next(view, at: .milliseconds(40 * frame)).map {
      ($0.id, ($0.pose.keypoints[0].x * Float(width)).rounded())
    }
  }

  @Test func thoseWhoPassEachOtherKeepTheirNumbers() throws {
    var tracker = tracker()
    for frame in 0..<50 {
      let way = 16 * Float(frame)
      // Well apart in height.
      let found = try next(&tracker, frame, .init(x: 80 + way, y: 150), .init(x: 880 - way, y: 400))
      try #require(found.map(\.id) == [1, 2], "frame \(frame)")
      #expect(found[0].x == 80 + way && found[1].x == 880 - way)
    }
  }

  @Test func whoIsHiddenOnTheWayComesBackAsTheSameOne() throws {
    var tracker = tracker()
    for frame in 0..<130 {
      let x = 100 + 6 * Float(frame)
      let found = try next(&tracker, frame, .init(x: 480), .init(x: x, isHidden: abs(x - 480) < 60))
      #expect(found.first?.id == 1 && found.first?.x == 480, "frame \(frame)")
      // Seen again after an eighth of a second at most.
      if x <= 420 || x >= 570 { #expect(found.last?.id == 2 && found.last?.x == x, "frame \(frame)") }
      #expect(found.count <= 2)
    }
  }

  @Test func numbersAreNotUsedAgain() throws {
    var tracker = tracker()
    func ids(_ frames: Range<Int>, _ body: Stage.Body...) throws -> [Int] {
      var last: [Int] = []
      for frame in frames {
        last =
          try body.isEmpty
          ? next(&tracker, frame, .init(x: 200)).map(\.id) : next(&tracker, frame, .init(x: 200), body[0]).map(\.id)
      }
      return last
    }
    #expect(try ids(0..<5) == [1])
    // Seen when the detector looks again, half a second after the last time.
    #expect(try ids(5..<12, .init(x: 700)) == [1])
    #expect(try ids(12..<20, .init(x: 700)) == [1, 2])
    #expect(try ids(20..<30) == [1])
    // Within a second: the same one. Later, nobody knows.
    #expect(try ids(30..<45, .init(x: 720)) == [1, 2])
    #expect(try ids(45..<80) == [1])
    #expect(try ids(80..<100, .init(x: 700)) == [1, 3])
    // One much larger is somebody else, even in the same place.
    #expect(try ids(100..<102) == [1])
    #expect(try ids(102..<120, .init(x: 700, size: 500)) == [1, 4])
  }

  @Test func theDetectorRunsOnlyWhereSomebodyMayBeMissing() throws {
    var one = tracker(limit: 1)
    for frame in 0..<25 { #expect(try next(&one, frame, .init(x: 200), .init(x: 700)).map(\.id) == [1]) }
    #expect(stage.detections == 1)
    // Nobody: at every frame. The frame of the loss is the first one without.
    for frame in 25..<30 { #expect(try next(&one, frame).isEmpty && !one.isTracking) }
    #expect(stage.detections == 5)
    #expect(try next(&one, 30, .init(x: 210)).map(\.id) == [1])
    var several = tracker(limit: 3)
    for frame in 0..<50 { _ = try next(&several, frame, .init(x: 200)) }
    // 0, 13, 26 and 39.
    #expect(stage.detections == 6 + 4)
  }

  @Test func aFrameOfAnotherSizeIsAnotherPicture() throws {
    var tracker = tracker()
    #expect(try next(&tracker, 0, .init(x: 200)).map(\.id) == [1])
    #expect(try next(&tracker, 1, width: 640, .init(x: 200)).map(\.id) == [2])
    tracker.reset()
    #expect(try next(&tracker, 2, width: 640, .init(x: 200)).map(\.id) == [3])
  }
}
