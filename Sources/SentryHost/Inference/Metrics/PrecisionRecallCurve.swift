extension Metric {
  /// The mean of the classes' average precisions, where they have one.
  static let averagePrecision = Metric(
    key: "average_precision_macro", title: "AP",
    computation: .whole { $0.precisionRecall.map { $0?.averagePrecision }.meanOfKnown })
}

/// Precision over recall of one class against all others.
struct PrecisionRecallCurve: Sendable, Equatable {
  /// By rising recall, without scikit-learn's added point of recall 0.
  let recall, precision: [Double]
  /// Σ (Rₙ − Rₙ₋₁) Pₙ, without interpolation (scikit-learn's `average_precision_score`).
  let averagePrecision: Double

  /// nil where the class has no samples, or the others have none: precision then is 1 whatever the model answers.
  init?(_ counts: ThresholdCounts) {
    guard counts.positives > 0, counts.negatives > 0 else { return nil }
    recall = counts.points.map { Double($0.truePositives) / Double(counts.positives) }
    precision = counts.points.map { Double($0.truePositives) / Double($0.truePositives + $0.falsePositives) }
    var (sum, before) = (0.0, 0)
    for (point, precision) in zip(counts.points, precision) {
      sum += Double(point.truePositives - before) * precision
      before = point.truePositives
    }
    averagePrecision = sum / Double(counts.positives)
  }
}
