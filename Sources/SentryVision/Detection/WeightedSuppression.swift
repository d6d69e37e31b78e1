/// Non-maximum suppression that blends: detections of one thing become one, each counting by its score.
///
/// Source: MediaPipe's `NonMaxSuppressionCalculator` in its mode WEIGHTED, with intersection over union.
struct WeightedSuppression {
  /// Detections that overlap by more than this are of one thing.
  let overlap: Float

  /// One detection for each thing, the surest first; its score is the best one of those that it blends.
  func callAsFunction(_ detections: [Detection]) -> [Detection] {
    // Stable: of two equal scores the earlier anchor counts.
    var rest = detections.enumerated().sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
      .map(\.element)
    var result: [Detection] = []
    while let best = rest.first {
      let same = rest.filter { $0.box.overlap(best.box) > overlap }
      // A box without area overlaps with nothing, not even with itself.
      guard !same.isEmpty else {
        result.append(best)
        rest.removeFirst()
        continue
      }
      result.append(Self.blend(same, score: best.score))
      rest.removeAll { $0.box.overlap(best.box) > overlap }
    }
    return result
  }

  private static func blend(_ detections: [Detection], score: Float) -> Detection {
    let sum = detections.reduce(0) { $0 + $1.score }
    func mean(_ value: (Detection) -> Float) -> Float {
      detections.reduce(0) { $0 + value($1) * $1.score } / sum
    }
    let (left, top) = (mean(\.box.x), mean(\.box.y))
    return Detection(
      score: score,
      box: Box(
        x: left, y: top, width: mean { $0.box.x + $0.box.width } - left,
        height: mean { $0.box.y + $0.box.height } - top),
      keypoints: detections[0].keypoints.indices.map { point in
        Keypoint(x: mean { $0.keypoints[point].x }, y: mean { $0.keypoints[point].y })
      })
  }
}
