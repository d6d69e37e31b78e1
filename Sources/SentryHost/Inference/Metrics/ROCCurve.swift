extension Metric {
  /// The mean of the classes' areas, where they have one.
  static let rocArea = Metric(
    key: "roc_auc_macro", title: "ROC AUC", computation: .whole { $0.roc.map { $0?.area }.meanOfKnown })
}

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
    falsePositiveRate = [0] + counts.points.map { Double($0.falsePositives) / negatives }
    truePositiveRate = [0] + counts.points.map { Double($0.truePositives) / positives }
    var (area, before) = (0.0, ThresholdCounts.Point(truePositives: 0, falsePositives: 0))
    for point in counts.points {
      area +=
        Double(point.falsePositives - before.falsePositives) * Double(point.truePositives + before.truePositives) / 2
      before = point
    }
    self.area = area / positives / negatives
  }
}
