/// Precision over recall of one class against all others.
struct PrecisionRecallCurve: Sendable, Equatable {
  /// By rising recall, without scikit-learn's added point of recall 0.
  let recall, precision: [Double]
  /// Σ (Rₙ − Rₙ₋₁) Pₙ, without interpolation (scikit-learn's `average_precision_score`).
  let averagePrecision: Double

  /// nil where the class has no samples.
  init?(_ counts: ThresholdCounts) {
    guard counts.positives > 0 else { return nil }
    recall = counts.points.map { Double($0.hits) / Double(counts.positives) }
    precision = counts.points.map { Double($0.hits) / Double($0.hits + $0.alarms) }
    var (sum, before) = (0.0, 0)
    for (point, precision) in zip(counts.points, precision) {
      sum += Double(point.hits - before) * precision
      before = point.hits
    }
    averagePrecision = sum / Double(counts.positives)
  }
}
