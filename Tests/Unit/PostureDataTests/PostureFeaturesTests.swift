import SentryFormats
import SentryPosture
import Testing

@Suite struct PostureFeaturesTests {
  /// What NumPy makes of the same recording by the formulas alone.
  @Test func featuresAreThoseOfTheDescription() throws {
    let landmarks = try NPYFile.read(Fixture.path("landmarks.npy"))
    let values = try landmarks.floats()
    let expected = try NPYFile.read(Fixture.path("features.npy")).floats()
    #expect(landmarks.shape == [60, 33, 4] && expected.count == 60 * PostureFeatures.count)
    var features = PostureFeatures()
    var largest: Float = 0
    for frame in 0..<60 {
      let points = (0..<33).map { point -> PoseLandmark in
        let start = (frame * 33 + point) * 4
        return PoseLandmark(
          x: values[start], y: values[start + 1], z: values[start + 2], visibility: values[start + 3])
      }
      let row = try features.next(points)
      for (feature, value) in row.enumerated() {
        largest = max(largest, abs(value - expected[frame * PostureFeatures.count + feature]))
      }
    }
    // NumPy adds the movements of 33 landmarks up in another order.
    #expect(largest < 5e-5)
  }

  @Test func aBodyAtRestIsStill() throws {
    var features = PostureFeatures()
    let body = (0..<33).map { PoseLandmark(x: Float($0) / 33, y: Float($0 % 5) / 5) }
    var row: [Float] = []
    for _ in 0..<40 { row = try features.next(body) }
    #expect(row[6...8].allSatisfy { $0 == 0 } && row[9] == 1 && row[10] == 0)
    #expect(row[11...].reduce(0, +) == 1)
  }

  @Test func aReversalCountsTwice() throws {
    var features = PostureFeatures()
    var row: [Float] = []
    for frame in 0..<12 {
      row = try features.next((0..<33).map { _ in PoseLandmark(x: frame % 2 == 0 ? 0.4 : 0.5, y: 0.5) })
      if frame < 9 { #expect(row[10] == 0) }
    }
    // Ten reversals of 2 for each of 33 landmarks, over 33 · 11 + 1, is more than 1.
    #expect(row[10] == 1)
    let wrong = failure { _ = try features.next([]) }
    #expect(wrong?.message.contains("0 landmarks instead of 33") == true)
    #expect(PostureFeatures.names.count == PostureFeatures.count)
  }
}
