/// The receiver operating characteristic of one class against all others.
struct ROCCurve: Sendable, Equatable {
  /// From (0, 0) to (1, 1).
  let falsePositiveRate, truePositiveRate: [Double]
  /// The area under the curve by the trapezoidal rule (scikit-learn's `roc_auc_score` of the class against the rest).
  let area: Double

  /// nil where the class has no samples, or the others have none.
  init?(_ counts: ThresholdCounts) {
    guard counts.positives > 0, counts.negatives > 0 else { return nil }
    let (positives, negatives) = (Double(counts.positives), Double(counts.negatives))
    falsePositiveRate = [0] + counts.points.map { Double($0.alarms) / negatives }
    truePositiveRate = [0] + counts.points.map { Double($0.hits) / positives }
    var (area, before) = (0.0, ThresholdCounts.Point(hits: 0, alarms: 0))
    for point in counts.points {
      area += Double(point.alarms - before.alarms) * Double(point.hits + before.hits) / 2
      before = point
    }
    self.area = area / positives / negatives
  }
}
