import SentryPluginAPI

/// Every metric of one task, over the samples that have a label.
package struct TaskMetrics: Sendable {
  package let task: ClassificationTask
  /// Samples with a label, and without.
  package let labelled, missing: Int
  package let confusion: ConfusionMatrix
  package let classes: [ClassScores]
  package let calibration: Calibration
  /// One for each class; nil where it cannot be drawn.
  let roc: [ROCCurve?]
  let precisionRecall: [PrecisionRecallCurve?]
  package let bootstrap: Bootstrap?

  init(_ predictions: TaskPredictions, draws: Int, seed: UInt64) {
    task = predictions.task
    labelled = predictions.labelled.count
    missing = predictions.count - labelled
    confusion = ConfusionMatrix(predictions)
    classes = confusion.classScores
    calibration = Calibration(predictions)
    let counts = predictions.task.classes.indices.map { ThresholdCounts(predictions, label: $0) }
    (roc, precisionRecall) = (counts.map(ROCCurve.init), counts.map(PrecisionRecallCurve.init))
    bootstrap = Bootstrap(predictions, draws: draws, seed: seed)
  }

  /// The mean of the classes' areas, where they have one.
  var macroROCArea: Double? { Self.mean(roc.map { $0?.area }) }
  var macroAveragePrecision: Double? { Self.mean(precisionRecall.map { $0?.averagePrecision }) }

  private static func mean(_ values: [Double?]) -> Double? {
    let known = values.compactMap(\.self)
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }
}
