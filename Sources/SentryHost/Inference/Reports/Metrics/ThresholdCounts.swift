/// What ROC and precision–recall curves are drawn from: one class against all others, as the threshold on its probability falls.
struct ThresholdCounts: Sendable {
  struct Point: Sendable, Equatable {
    /// True and false positives: samples of the class, and of others, whose probability reaches the threshold.
    var hits, alarms: Int
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
    var current = Point(hits: 0, alarms: 0)
    for (position, entry) in order.enumerated() {
      if entry.1 { current.hits += 1 } else { current.alarms += 1 }
      // Equal probabilities cross a threshold together.
      if position + 1 == order.count || order[position + 1].0 != entry.0 { points.append(current) }
    }
    (self.points, positives, negatives) = (points, current.hits, current.alarms)
  }
}
