/// What ROC and precision–recall curves are drawn from: one class against all others, as the threshold on its probability falls.
struct ThresholdCounts: Sendable {
  struct Point: Sendable, Equatable {
    /// Samples of the class, and of others, whose probability reaches the threshold.
    var truePositives, falsePositives: Int
  }
  /// One for each distinct probability, the highest first.
  let points: [Point]
  let positives, negatives: Int

  init(_ predictions: TaskPredictions, label: Int) {
    let order = predictions.labelled.map {
      (predictions.probability(of: label, at: $0), predictions.truth[$0] == label)
    }
    .sorted { $0.0 > $1.0 }
    var points: [Point] = []
    var current = Point(truePositives: 0, falsePositives: 0)
    for (position, entry) in order.enumerated() {
      if entry.1 { current.truePositives += 1 } else { current.falsePositives += 1 }
      // Equal probabilities cross a threshold together.
      if position + 1 == order.count || order[position + 1].0 != entry.0 { points.append(current) }
    }
    (self.points, positives, negatives) = (points, current.truePositives, current.falsePositives)
  }
}
