extension Metric {
  static let expectedCalibrationError = Metric(
    key: "expected_calibration_error", title: "ECE", shortTitle: "ECE",
    computation: .whole { $0.calibration.expectedError })
}

/// How far the confidence of a model can be believed: Guo et al., On Calibration of Modern Neural Networks, 2017.
package struct Calibration: Sendable, Equatable {
  /// The samples whose confidence lies in (lower, upper].
  struct Bin: Sendable, Equatable {
    var lower, upper: Double
    var count: Int
    /// Means over the samples; nil without any.
    var confidence, accuracy: Double?
  }
  static let binCount = 15

  let bins: [Bin]
  /// Expected calibration error: Σ count / n · |accuracy − confidence|.
  let expectedError: Double
  /// The largest |accuracy − confidence| of a bin.
  let maximumError: Double

  package init(_ predictions: TaskPredictions, binCount: Int = Calibration.binCount) {
    var (counts, correct) = ([Int](repeating: 0, count: binCount), [Int](repeating: 0, count: binCount))
    var sums = [Double](repeating: 0, count: binCount)
    let edges = (0...binCount).map { Double($0) / Double(binCount) }
    let samples = predictions.labelled
    for sample in samples {
      let confidence = predictions.confidence(at: sample)
      let bin = edges.dropFirst().firstIndex { confidence <= $0 }.map { $0 - 1 } ?? binCount - 1
      counts[bin] += 1
      sums[bin] += confidence
      if predictions.truth[sample] == predictions.predicted[sample] { correct[bin] += 1 }
    }
    bins = (0..<binCount).map { bin in
      let count = Double(counts[bin])
      return Bin(
        lower: edges[bin], upper: edges[bin + 1], count: counts[bin],
        confidence: counts[bin] > 0 ? sums[bin] / count : nil,
        accuracy: counts[bin] > 0 ? Double(correct[bin]) / count : nil)
    }
    let gaps = bins.map { abs(($0.accuracy ?? 0) - ($0.confidence ?? 0)) }
    expectedError = zip(bins, gaps).reduce(0) { $0 + Double($1.0.count) * $1.1 } / Double(max(samples.count, 1))
    maximumError = gaps.max() ?? 0
  }
}
