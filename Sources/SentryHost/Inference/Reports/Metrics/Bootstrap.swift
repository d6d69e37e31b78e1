import SentryRuntime

/// Confidence intervals of metrics by the percentile bootstrap (Efron 1979): the samples are drawn again with replacement, and the
/// metric of each draw computed.
package struct Bootstrap: Sendable, Equatable {
  package struct Interval: Sendable, Equatable {
    package var low, high: Double
  }
  static let confidence = 0.95

  let draws: Int
  let seed: UInt64
  package let accuracy, balancedAccuracy, macroF1, weightedF1: Interval
  /// Over the draws that have one; nil where none has.
  let cohenKappa: Interval?

  /// nil without draws or labelled samples.
  init?(_ predictions: TaskPredictions, draws: Int, seed: UInt64) {
    let samples = predictions.labelled.map { (predictions.truth[$0] ?? 0, predictions.predicted[$0]) }
    guard draws > 0, !samples.isEmpty else { return nil }
    var generator = SplitMix64(seed: Seed.derive(seed, "bootstrap"))
    var values = [[Double]](repeating: [], count: 5)
    for _ in 0..<draws {
      var matrix = ConfusionMatrix(classCount: predictions.classCount)
      for _ in samples {
        let (truth, predicted) = samples[generator.below(samples.count)]
        matrix.add(truth: truth, predicted: predicted)
      }
      let scores = matrix.classScores
      for (metric, value) in [
        matrix.accuracy, matrix.balancedAccuracy, scores.macro.f1, scores.weighted.f1, matrix.cohenKappa,
      ].enumerated() {
        if let value { values[metric].append(value) }
      }
    }
    func interval(_ metric: Int) -> Interval { Self.interval(of: values[metric]) }
    (self.draws, self.seed) = (draws, seed)
    (accuracy, balancedAccuracy, macroF1, weightedF1) = (interval(0), interval(1), interval(2), interval(3))
    cohenKappa = values[4].isEmpty ? nil : interval(4)
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
