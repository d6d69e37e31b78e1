import SentryPosture
import Testing

/// Each of the 15 features by hand, and the frames in which a formula comes to its edge.
@Suite struct PostureFeatureCasesTests {
  /// A body that sits straight: shoulders at (0.6, 0.4) and (0.4, 0.4), hips at (0.55, 0.8) and (0.45, 0.8), the head above.
  private static func body(_ change: (inout [PoseLandmark]) -> Void = { _ in }) -> [PoseLandmark] {
    var points = [PoseLandmark](repeating: PoseLandmark(x: 0.5, y: 0.6), count: PoseLandmark.count)
    (points[0].x, points[0].y) = (0.5, 0.2)
    (points[7], points[8]) = (PoseLandmark(x: 0.55, y: 0.2), PoseLandmark(x: 0.45, y: 0.2))
    (points[11], points[12]) = (PoseLandmark(x: 0.6, y: 0.4), PoseLandmark(x: 0.4, y: 0.4))
    (points[23], points[24]) = (PoseLandmark(x: 0.55, y: 0.8), PoseLandmark(x: 0.45, y: 0.8))
    change(&points)
    return points
  }

  private func features(_ frames: [[PoseLandmark]]) throws -> [Float] {
    var features = PostureFeatures()
    var row: [Float] = []
    for frame in frames { row = try features.next(frame) }
    return row
  }

  private func feature(_ name: String, _ frames: [PoseLandmark]...) throws -> Float {
    let index = try #require(PostureFeatures.names.firstIndex(of: name))
    return try features(frames)[index]
  }

  private func near(_ value: Float, _ expected: Float) -> Bool { abs(value - expected) < 1e-5 }

  @Test func shoulderAngle() throws {
    #expect(try feature("shoulder_angle", Self.body()) == 0)
    // The left shoulder as much lower as it is to the right: 45 of 90 degrees.
    #expect(near(try feature("shoulder_angle", Self.body { $0[11].y = 0.6 }), 0.5))
    #expect(near(try feature("shoulder_angle", Self.body { $0[12].y = 0.6 }), -0.5))
    // Seen from behind, left and right change: half a turn.
    #expect(near(abs(try feature("shoulder_angle", Self.body { $0.swapAt(11, 12) })), 2))
    // Both shoulders at one place have no angle.
    #expect(try feature("shoulder_angle", Self.body { $0[11] = $0[12] }) == 0)
  }

  @Test func headTilt() throws {
    #expect(try feature("head_tilt", Self.body()) == 0)
    #expect(near(try feature("head_tilt", Self.body { $0[7].y = 0.3 }), 0.5))
    #expect(near(try feature("head_tilt", Self.body { ($0[7].x, $0[7].y) = (0.45, 0.1) }), -1))
  }

  @Test func spineCurvature() throws {
    #expect(near(try feature("spine_curvature", Self.body()), 0))
    func hips(_ x: Float, _ y: Float) -> [PoseLandmark] {
      Self.body { for hip in [23, 24] { ($0[hip].x, $0[hip].y) = (x, y) } }
    }
    // Shoulders 0.4 above the hips and 0.4 beside them, on either side: 45 of 90 degrees.
    #expect(near(try feature("spine_curvature", hips(0.1, 0.8)), 0.5))
    #expect(near(try feature("spine_curvature", hips(0.9, 0.8)), 0.5))
    // On its head.
    #expect(near(try feature("spine_curvature", hips(0.5, 0.1)), 2))
    // Hips where the shoulders are.
    #expect(try feature("spine_curvature", hips(0.5, 0.4)) == 0)
  }

  @Test func chestHeadAndShoulders() throws {
    #expect(near(try feature("chest_openness", Self.body()), 0.2))
    // 0.3 and 0.4 apart.
    #expect(near(try feature("chest_openness", Self.body { ($0[11].x, $0[11].y) = (0.7, 0.8) }), 0.5))
    #expect(near(try feature("head_forward", Self.body()), 0))
    #expect(near(try feature("head_forward", Self.body { $0[0].x = 0.35 }), -0.15))
    #expect(near(try feature("shoulder_asymmetry", Self.body { $0[12].y = 0.15 }), 0.25))
    #expect(near(try feature("shoulder_asymmetry", Self.body { $0[11].y = 0.15 }), 0.25))
  }

  /// 3-4-5: three landmarks go 0.05 each, of which one is an elbow, one an ear and one a knee.
  @Test func movement() throws {
    let moved = Self.body {
      for point in [13, 8, 25] {
        $0[point].x += 0.03
        $0[point].y += 0.04
      }
    }
    #expect(near(try feature("total_movement", Self.body(), moved), 0.15))
    #expect(near(try feature("upper_body_movement", Self.body(), moved), 0.05))
    #expect(near(try feature("head_movement", Self.body(), moved), 0.05))
    // Counted by the visibility of now.
    let hidden = Self.body {
      for point in [13, 8, 25] { $0[point] = PoseLandmark(x: moved[point].x, y: moved[point].y, visibility: 0.5) }
    }
    #expect(near(try feature("total_movement", Self.body(), hidden), 0.075))
    // Depth does not count, and the first frame has not moved.
    #expect(try feature("total_movement", Self.body(), Self.body { $0[13].z = 9 }) == 0)
    for name in ["total_movement", "upper_body_movement", "head_movement"] { #expect(try feature(name, moved) == 0) }
    // The hips belong to neither part, the wrists to the upper body, the nose and the eyes to the head.
    func parts(_ point: Int) throws -> [Bool] {
      let other = Self.body { $0[point].x += 0.1 }
      return try [
        feature("upper_body_movement", Self.body(), other) > 0, feature("head_movement", Self.body(), other) > 0,
      ]
    }
    for point in 11...16 { #expect(try parts(point) == [true, false]) }
    for point in [0, 2, 5, 7, 8] { #expect(try parts(point) == [false, true]) }
    for point in [1, 3, 4, 6, 9, 10, 17, 22, 23, 24, 32] { #expect(try parts(point) == [false, false]) }
  }

  @Test func stillness() throws {
    #expect(try feature("stillness", Self.body()) == 1)
    // A movement of 0.02: 1 / (1 + 50 · 0.02).
    let moved = Self.body { $0[30].x += 0.02 }
    #expect(near(try feature("stillness", Self.body(), moved), 0.5))
    // The mean with a frame at rest: 1 / (1 + 50 · 0.01).
    #expect(near(try feature("stillness", Self.body(), moved, moved), 1 / 1.5))
    // The 30 movements that count: the only one is the oldest of them, and then forgotten.
    let recording = [Self.body(), moved] + [[PoseLandmark]](repeating: moved, count: 29)
    #expect(near(try features(recording)[9], 1 / (1 + 50 * 0.02 / 30)))
    #expect(near(try features(recording + [moved])[9], 1))
  }

  @Test func fidgeting() throws {
    // One landmark to and fro: frames 0, 1, 0, 1 …
    func recording(_ count: Int) -> [[PoseLandmark]] {
      (0..<count).map { frame in Self.body { $0[20].x += frame % 2 == 0 ? 0 : 0.1 } }
    }
    #expect(try features(recording(9))[10] == 0)
    // Ten frames: nine velocities, eight reversals of 2, over 33 · 9 + 1.
    #expect(near(try features(recording(10))[10], 16 / 298))
    // Thirty frames count and no more: 28 reversals over 33 · 29 + 1.
    #expect(near(try features(recording(30))[10], 56 / 958))
    #expect(near(try features(recording(40))[10], 56 / 958))
    // Along y nothing counts; a stop counts once.
    #expect(try features((0..<12).map { frame in Self.body { $0[20].y += Float(frame % 2) / 10 } })[10] == 0)
    let stopping = (0..<10).map { frame in Self.body { $0[20].x += 0.01 * Float(min(frame, 5)) } }
    #expect(near(try features(stopping)[10], 1 / 298))
  }

  /// Which of the four the scores choose, with the scores by hand.
  @Test func archetypes() throws {
    func archetype(_ frames: [[PoseLandmark]]) throws -> String {
      let row = try features(frames)
      let chosen = row[11...].indices.filter { row[$0] == 1 }
      #expect(chosen.count == 1 && row[11...].reduce(0, +) == 1)
      return PostureFeatures.names[chosen[0]]
    }
    // Straight 1, open 2/3, up 1, still 1: 0.8, against 0.633, 0.133, 0.3.
    #expect(try archetype([Self.body()]) == "upright_engaged")
    // Bent by 45 degrees, a wide chest: 0.5, against 0.3 + 0.2 + 0.3 + 0.2 = 1, 0, 0.6.
    let reclined = Self.body {
      $0[11].x = 0.7
      $0[12].x = 0.3
      for hip in [23, 24] { ($0[hip].x, $0[hip].y) = (0.1, 0.8) }
    }
    #expect(try archetype([reclined]) == "relaxed_reclined")
    // No chest, a tilted head, everything to and fro: 0.4 straight, against 0, 0.4 + 0.3 + 0.3 = 1, 0.3 + 0.1.
    let defensive = (0..<12).map { frame in
      Self.body {
        $0[12].x = 0.6
        ($0[7].x, $0[7].y) = (0.45, 0.5)
        for hip in [23, 24] { $0[hip].x = 0.6 }
        for point in $0.indices { $0[point].x += frame % 2 == 0 ? 0 : 0.3 }
      }
    }
    #expect(try archetype(defensive) == "defensive_closed")
    // Bent, no chest, a tilted head, at rest: 0, against 0.3 + 0.3 + 0.2 = 0.8, 0.4 + 0.3 = 0.7, 1.
    let collapsed = Self.body {
      $0[12].x = 0.6
      ($0[7].x, $0[7].y) = (0.45, 0.5)
      for hip in [23, 24] { ($0[hip].x, $0[hip].y) = (0.2, 0.8) }
    }
    #expect(try archetype([collapsed]) == "collapsed_withdrawn")
  }

  @Test func frameByFrameAndOnceMore() throws {
    // A recording starts anew with its object.
    let frames = (0..<15).map { frame in Self.body { $0[15].x += Float(frame % 3) / 50 } }
    #expect(try features(frames) == features(frames))
    for count in [0, 32, 34] {
      let wrong = failure { _ = try self.features([[PoseLandmark](repeating: PoseLandmark(x: 0, y: 0), count: count)]) }
      #expect(wrong?.message.contains("\(count) landmarks instead of 33") == true)
    }
  }
}
