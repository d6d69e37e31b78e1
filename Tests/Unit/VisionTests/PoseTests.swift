import Testing

@testable import SentryVision

@Suite struct PoseTests {
  /// A map of 8×8 with two points a place; everything unlikely but what is named.
  private func refined(_ likely: [(row: Int, column: Int, value: Float)], near place: SIMD2<Float>) -> SIMD2<Float>? {
    var values = [Float](repeating: -100, count: 8 * 8 * 2)
    for (row, column, value) in likely { values[(row * 8 + column) * 2 + 1] = value }
    return values.withUnsafeBufferPointer { Heatmap(values: $0, side: 8, points: 2, reach: 3).refined(1, near: place) }
  }

  @Test func aPointMovesToTheMiddleOfWhatIsLikely() throws {
    // Sigmoid of 0 is a half, of ln 3 three quarters.
    let both = try #require(refined([(2, 3, 0), (2, 5, 1.098_612_3)], near: [0.5, 0.25]))
    #expect(abs(both.x - (3 * 0.5 + 5 * 0.75) / 1.25 / 8) < 1e-6 && abs(both.y - 0.25) < 1e-6)
    // Too unlikely, too far away, and outside of the map.
    #expect(refined([(2, 3, -0.1)], near: [0.5, 0.25]) == nil)
    #expect(refined([(7, 7, 5)], near: [0.1, 0.1]) == nil)
    #expect(refined([(0, 0, 5)], near: [1, 0.1]) == nil)
    #expect(refined([(0, 0, 5)], near: [-0.2, 0.1]) == nil)
    #expect(refined([(0, 0, 5)], near: [.nan, 0.1]) == nil)
    // Just outside counts as the first row, as in MediaPipe, whose integers are cut.
    #expect(refined([(0, 0, 5)], near: [-0.1, 0]) == [0, 0])
  }

  @Test func aValueAtRestIsSteadiedAndAMovingOneFollowed() {
    var filter = OneEuroFilter(OneEuroFilter.Parameters(minimumCutoff: 1, beta: 0))
    #expect(filter.next(10, scale: 1, at: 5) == 10)
    // At 10 frames a second a cut-off of 1 Hz weighs a new value by 1 / (1 + 10 / 2π).
    let weight = 1 / (1 + 10 / (2 * Double.pi))
    #expect(abs(filter.next(11, scale: 1, at: 5.1) - (10 + weight)) < 1e-9)
    // A value that is not later passes.
    #expect(filter.next(99, scale: 1, at: 5.1) == 99)
    var fast = OneEuroFilter(OneEuroFilter.Parameters(minimumCutoff: 1, beta: 1))
    _ = fast.next(10, scale: 1, at: 5)
    // Its speed of 10 a second, weighed as above, is added to the cut-off.
    let cutoff = 1 + 10 * weight
    let expected = 10 + 1 / (1 + 10 / (2 * Double.pi * cutoff))
    #expect(abs(fast.next(11, scale: 1, at: 5.1) - expected) < 1e-9)
    var near = OneEuroFilter(OneEuroFilter.Parameters(minimumCutoff: 1, beta: 1))
    _ = near.next(10, scale: 0.5, at: 5)
    #expect(near.next(11, scale: 0.5, at: 5.1) < expected)
  }

  @Test func visibilityIsSmoothedByATenth() {
    func pose(_ visibility: Float, x: Float) -> Pose {
      let points = [Keypoint](repeating: Keypoint(x: x, y: 0.5, z: 0.1, visibility: visibility), count: 33)
      return Pose(keypoints: points, world: points, presence: 1, region: Region(centre: [0, 0], size: [1, 1]))
    }
    func finding(_ visibility: Float, x: Float) -> PoseLandmarker.Finding {
      PoseLandmarker.Finding(
        pose: pose(visibility, x: x), alignment: [Keypoint(x: x, y: 0.5), Keypoint(x: x, y: 0.25)])
    }
    var smoothing = PoseSmoothing()
    func next(_ found: PoseLandmarker.Finding, _ milliseconds: Int, smoothsPose: Bool = true)
      -> PoseLandmarker.Finding
    {
      smoothing.smoothed(found, smoothsPose: smoothsPose, [640, 360], at: .milliseconds(milliseconds))
    }
    #expect(next(finding(1, x: 0.5), 0).pose == pose(1, x: 0.5))
    let found = next(finding(0, x: 0.6), 40)
    // The region lags behind more than the points do.
    #expect(found.alignment[0].x > 0.5 && found.alignment[0].x < found.pose.keypoints[0].x)
    #expect(abs(found.reach(in: [640, 360]) - 180) < 1e-3)
    let next = found.pose
    for points in [next.keypoints, next.world] {
      #expect(points.allSatisfy { abs($0.visibility - 0.9) < 1e-6 && $0.x > 0.5 && $0.x < 0.6 })
      // What does not move does not move.
      #expect(points.allSatisfy { abs($0.y - 0.5) < 1e-6 && abs($0.z - 0.1) < 1e-6 })
    }
  }
}
