import Testing

@testable import SentryVision

@Suite struct DetectionTests {
  @Test func anchors() {
    let face = AnchorGrid.centres(side: 128, strides: [8, 16, 16, 16])
    // Two for each of 16² places, six for each of 8².
    #expect(face.count == 896)
    #expect(face[0] == [0.03125, 0.03125] && face[1] == face[0] && face[2] == [0.09375, 0.03125])
    #expect(face[512] == [0.0625, 0.0625] && face[517] == face[512] && face[518] == [0.1875, 0.0625])
    #expect(face[895] == [0.9375, 0.9375])
    let pose = AnchorGrid.centres(side: 224, strides: [8, 16, 32, 32, 32])
    #expect(pose.count == 2 * 28 * 28 + 2 * 14 * 14 + 6 * 7 * 7)
  }

  private func detection(_ score: Float, _ x: Float, _ y: Float = 0, side: Float = 1) -> Detection {
    Detection(
      score: score, box: Box(x: x, y: y, width: side, height: side), keypoints: [Keypoint(x: x + side / 2, y: y)])
  }

  @Test func detectionsOfOneThingAreBlended() {
    let result = WeightedSuppression(overlap: 0.3)([detection(0.2, 0.5), detection(0.6, 0), detection(0.9, 5)])
    #expect(result.count == 2)
    #expect(result[0].score == 0.9 && result[0].box.x == 5 && abs(result[0].box.width - 1) < 1e-5)
    // They have half of 1.5 in common. Weights 0.6 and 0.2; the score is the best one.
    #expect(result[1].score == 0.6)
    #expect(abs(result[1].box.x - 0.125) < 1e-6 && abs(result[1].box.width - 1) < 1e-6)
    #expect(abs(result[1].keypoints[0].x - 0.625) < 1e-6)
    // Above the limit they are two.
    #expect(WeightedSuppression(overlap: 0.4)([detection(0.2, 0.5), detection(0.6, 0)]).count == 2)
  }

  @Test func boxesWithoutAreaComeToAnEnd() {
    let flat = detection(0.5, 0, side: 0)
    #expect(WeightedSuppression(overlap: 0.3)([flat, flat, detection(0.4, 0)]).count == 3)
    #expect(WeightedSuppression(overlap: 0.3)([]).isEmpty)
    let broken = detection(0.5, .nan)
    #expect(WeightedSuppression(overlap: 0.3)([broken, detection(0.4, 0)]).count == 2)
  }

  @Test func overlap() {
    let box = Box(x: 0, y: 0, width: 2, height: 2)
    #expect(box.overlap(box) == 1)
    #expect(box.overlap(Box(x: 1, y: 1, width: 2, height: 2)) == Float(1) / 7)
    #expect(box.overlap(Box(x: 2, y: 0, width: 2, height: 2)) == 0)
  }

  @Test func thePosesBoxIsAroundWhatIsSeen() {
    var pose = Pose(
      keypoints: [Keypoint](repeating: Keypoint(x: 9, y: 9, visibility: 0.1), count: 33), world: [], presence: 1,
      region: Region(centre: [0, 0], size: [1, 1]))
    #expect(pose.box == Box(x: 9, y: 9, width: 0, height: 0))
    pose.keypoints[0] = Keypoint(x: 0.25, y: 0.5)
    pose.keypoints[32] = Keypoint(x: 0.5, y: 1.5)
    #expect(pose.box == Box(x: 0.25, y: 0.5, width: 0.25, height: 1))
  }
}
