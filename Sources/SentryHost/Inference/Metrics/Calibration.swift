import SentryBase

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
  let bins: [Bin]
  /// Expected calibration error: Σ count / n · |accuracy − confidence|.
  let expectedError: Double
  /// The largest |accuracy − confidence| of a bin.
  let maximumError: Double

  package init(_ predictions: TaskPredictions, binCount: Int = CalibrationBins.usualCount) {
    var found = CalibrationBins(count: binCount)
    for sample in predictions.labelled {
      found.add(
        predictions.confidence(at: sample), isHit: predictions.truth[sample] == predictions.predicted[sample])
    }
    bins = found.bins.enumerated().map { index, bin in
      Bin(
        lower: found.edge(index), upper: found.edge(index + 1), count: bin.count, confidence: bin.confidence,
        accuracy: bin.accuracy)
    }
    (expectedError, maximumError) = (found.expectedError ?? 0, found.maximumError)
  }
}
