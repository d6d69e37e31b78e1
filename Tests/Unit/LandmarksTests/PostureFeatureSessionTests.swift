import SentryPluginAPI
import SentryPosture
import Testing

@testable import FeaturesPosture
@testable import SentryLandmarks

/// The component `posture-15`; each formula has its cases in PostureFeatureCasesTests.
@Suite struct PostureFeatureSessionTests {
  private static let extractor = PostureFeatureExtractor()

  private static func index(_ name: String) throws -> Int {
    try #require(extractor.specification.keypoints.firstIndex(of: name))
  }

  /// A body that sits straight: shoulders 0.2 apart, the head above, the hips 0.4 below; keypoints by their names.
  private static func body(_ moved: [String: SIMD2<Float>] = [:]) throws -> [Instance.Keypoint] {
    var points = [Instance.Keypoint](repeating: .init(x: 0.5, y: 0.6), count: 33)
    let places: [String: SIMD2<Float>] = [
      "nose": [0.5, 0.2], "left_ear": [0.55, 0.2], "right_ear": [0.45, 0.2], "left_shoulder": [0.6, 0.4],
      "right_shoulder": [0.4, 0.4], "left_hip": [0.55, 0.8], "right_hip": [0.45, 0.8],
    ].merging(moved) { $1 }
    for (name, place) in places { (points[try index(name)].x, points[try index(name)].y) = (place.x, place.y) }
    return points
  }

  private func expect(_ row: [Float], _ expected: [String: Float]) throws {
    #expect(row.count == 15)
    for (name, value) in zip(Self.extractor.specification.names, row) {
      let due = try #require(expected[name])
      #expect(abs(value - due) < 1e-5, "\(name) is \(value), not \(due)")
    }
  }

  @Test func theComponentNamesWhatItNeedsAndGives() {
    #expect(Self.extractor.specification.names == PostureFeatures.names && PostureFeatures.names.count == 15)
    #expect(Self.extractor.specification.keypoints.count == 33)
  }

  /// All fifteen by hand: the first frame, which has not moved, and a second in which the left shoulder falls by 0.2 (0.2 of the
  /// upper body), the nose goes 0.05 (of the head) and the left hip goes 0.15 (of neither).
  @Test func allFeaturesOfTwoFrames() throws {
    let session = Self.extractor.makeSession()
    try expect(
      try session.next(try Self.body(), at: 0),
      [
        "shoulder_angle": 0, "head_tilt": 0, "spine_curvature": 0, "chest_openness": 0.2, "head_forward": 0,
        "shoulder_asymmetry": 0, "total_movement": 0, "upper_body_movement": 0, "head_movement": 0, "stillness": 1,
        "fidgeting": 0, "upright_engaged": 1, "relaxed_reclined": 0, "defensive_closed": 0, "collapsed_withdrawn": 0,
      ])
    // The middle of the shoulders is at 0.5, 0.5 and that of the hips at 0.575, 0.8: a slope of 0.075 over 0.3.
    let row = try session.next(
      try Self.body(["left_shoulder": [0.6, 0.6], "nose": [0.45, 0.2], "left_hip": [0.7, 0.8]]), at: 0.04)
    try expect(
      row,
      [
        "shoulder_angle": 0.5, "head_tilt": 0, "spine_curvature": 14.036243 / 90, "chest_openness": 0.28284271,
        "head_forward": -0.05, "shoulder_asymmetry": 0.2, "total_movement": 0.4, "upper_body_movement": 0.2,
        "head_movement": 0.05, "stillness": 1 / 21, "fidgeting": 0, "upright_engaged": 1, "relaxed_reclined": 0,
        "defensive_closed": 0, "collapsed_withdrawn": 0,
      ])
  }

  /// Live frames come with other times, and some are never passed: the numbers are of the frames.
  @Test func timesDoNotChangeTheNumbers() throws {
    let (live, file) = (Self.extractor.makeSession(), Self.extractor.makeSession())
    for frame in 0..<40 {
      let body = try Self.body(["left_wrist": [0.5 + Float(frame % 3) * 0.1, 0.6]])
      #expect(try live.next(body, at: Double(frame * frame)) == file.next(body, at: Double(frame) / 30))
    }
  }

  /// After a gap the way since the last frame counts, and fidgeting needs ten frames, not seconds.
  @Test func aGapIsOneStep() throws {
    let session = Self.extractor.makeSession()
    let fidgeting = try #require(PostureFeatures.names.firstIndex(of: "fidgeting"))
    for frame in 0..<9 {
      let row = try session.next(try Self.body(["left_thumb": [frame % 2 == 0 ? 0.5 : 0.6, 0.6]]), at: Double(frame))
      #expect(row[fidgeting] == 0)
    }
    let row = try session.next(try Self.body(["left_thumb": [0.6, 0.6]]), at: 1000)
    #expect(abs(row[6] - 0.1) < 1e-5)
    // Nine velocities with eight reversals of 2, over 33 · 9 + 1.
    #expect(abs(row[fidgeting] - 16 / 298) < 1e-5)
    #expect(row[11...].filter { $0 == 1 }.count == 1 && row[11...].reduce(0, +) == 1)
  }

  @Test func aKeypointWithoutPositionKeepsItsLast() throws {
    let session = Self.extractor.makeSession()
    var lost = try Self.body(["left_wrist": [0.9, 0.6]])
    lost[try Self.index("left_wrist")] = .absent
    let error = #expect(throws: PluginError.self) { try session.next(lost, at: 0) }
    #expect(error?.message == "the keypoint left_wrist has had no position up to 0.0 s")
    // That frame did not count: this is the first.
    #expect(try session.next(try Self.body(), at: 1)[6] == 0)
    let row = try session.next(lost, at: 2)
    #expect(row.allSatisfy(\.isFinite) && row[6] == 0)
    #expect(abs(try session.next(try Self.body(["left_wrist": [0.9, 0.6]]), at: 3)[6] - 0.4) < 1e-5)
  }

  @Test func anotherNumberOfKeypointsIsRefused() throws {
    #expect(throws: PluginError.self) {
      try Self.extractor.makeSession().next([.init(x: 0, y: 0)], at: 0)
    }
  }
}
