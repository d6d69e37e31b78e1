import SentryRuntime

/// Confidence intervals of metrics by the percentile bootstrap (Efron 1979): the samples are drawn again with replacement, and the
/// metrics of each such sample computed.
package struct Bootstrap: Sendable, Equatable {
  package struct Interval: Sendable, Equatable {
    package var low, high: Double
  }
  static let confidence = 0.95

  /// How many times the samples were drawn.
  let sampleCount: Int
  let seed: UInt64
  /// By the key of the metric, over the samples that define it; none where no sample does.
  let intervals: [String: Interval]

  /// nil without bootstrap samples or labelled ones.
  init?(_ predictions: TaskPredictions, samples sampleCount: Int, seed: UInt64) {
    let labelled = predictions.labelled.map { (predictions.truth[$0] ?? 0, predictions.predicted[$0]) }
    guard sampleCount > 0, !labelled.isEmpty else { return nil }
    var generator = SplitMix64(seed: Seed.derive(seed, "bootstrap"))
    let metrics = Metric.all.compactMap { metric in
      if case .counts(let value) = metric.computation { (metric.key, value) } else { nil }
    }
    var values = [[Double]](repeating: [], count: metrics.count)
    for _ in 0..<sampleCount {
      var matrix = ConfusionMatrix(classCount: predictions.classCount)
      for _ in labelled {
        let (truth, predicted) = labelled[generator.below(labelled.count)]
        matrix.add(truth: truth, predicted: predicted)
      }
      let scores = ConfusionScores(matrix)
      for (index, metric) in metrics.enumerated() {
        if let value = metric.1(scores) { values[index].append(value) }
      }
    }
    (self.sampleCount, self.seed) = (sampleCount, seed)
    let known = zip(metrics, values).filter { !$1.isEmpty }
    intervals = Dictionary(known.map { ($0.0, Self.interval(of: $1)) }) { first, _ in first }
  }

  /// The middle 95 % of values.
  static func interval(of values: [Double]) -> Interval {
    let sorted = values.sorted()
    let tail = (1 - confidence) / 2
    return Interval(low: quantile(tail, ofSorted: sorted), high: quantile(1 - tail, ofSorted: sorted))
  }

  /// With linear interpolation between the neighbours, as numpy's default.
  static func quantile(_ share: Double, ofSorted values: [Double]) -> Double {
    guard let last = values.indices.last else { return .nan }
    let place = share * Double(last)
    let below = min(Int(place), last)
    let above = min(below + 1, last)
    return values[below] + (place - Double(below)) * (values[above] - values[below])
  }
}
