import SentryPluginAPI

/// Everything that is known of a model's answers to one task, over the samples that have a label.
package struct TaskMetrics: Sendable {
  package let task: ClassificationTask
  /// Samples with a label, and without.
  package let labelled, missing: Int
  let scores: ConfusionScores
  package let calibration: Calibration
  /// One for each class; nil where it cannot be drawn.
  let roc: [ROCCurve?]
  let precisionRecall: [PrecisionRecallCurve?]
  package let bootstrap: Bootstrap?

  init(_ predictions: TaskPredictions, bootstrapSamples: Int, seed: UInt64) {
    task = predictions.task
    labelled = predictions.labelled.count
    missing = predictions.count - labelled
    scores = ConfusionScores(ConfusionMatrix(predictions))
    calibration = Calibration(predictions)
    let counts = predictions.task.classes.indices.map { ThresholdCounts(predictions, label: $0) }
    (roc, precisionRecall) = (counts.map(ROCCurve.init), counts.map(PrecisionRecallCurve.init))
    bootstrap = Bootstrap(predictions, samples: bootstrapSamples, seed: seed)
  }

  var confusion: ConfusionMatrix { scores.confusion }
  var classes: [ClassScores] { scores.classes }

  /// nil where the samples are all of one class, or none has a label.
  var baseline: MajorityBaseline? { MajorityBaseline(confusion, classes: task.classes) }

  /// The classes that no sample is of.
  var absentClasses: [String] { zip(task.classes, classes).filter { $1.support == 0 }.map(\.0) }

  /// nil where the data do not define it.
  package subscript(metric: Metric) -> Double? {
    guard labelled > 0 else { return nil }
    return switch metric.computation {
    case .counts(let value): value(scores)
    case .whole(let value): value(self)
    }
  }

  package func interval(of metric: Metric) -> Bootstrap.Interval? { bootstrap?.intervals[metric.key] }
}

extension [Double?] {
  /// The mean of those that are known.
  var meanOfKnown: Double? {
    let known = compactMap(\.self)
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }
}
