import SentryRuntime

/// A number that tells how a model does at a task. Each has its line in ``all``, from which metrics.json, the intervals, the page and
/// the terminal are made; its file holds its name and how it is computed.
package struct Metric: Sendable {
  enum Computation: Sendable {
    /// From counts, which the bootstrap draws again: the metric has an interval.
    case counts(@Sendable (ConfusionScores) -> Double?)
    /// From all that there is, without an interval.
    case whole(@Sendable (TaskMetrics) -> Double?)
  }
  package enum Form: Sendable { case percentage, fraction }

  /// Its name in metrics.json, where it is a fraction; null where the data cannot define it.
  let key: String
  /// The head of its column in a page, and in a terminal; nil where it is not shown.
  var title: String?
  package var shortTitle: String?
  package var form = Form.fraction
  let computation: Computation

  /// In the order of columns.
  package static let all: [Metric] = [
    .accuracy, .balancedAccuracy, .macroF1, .weightedF1, .cohenKappa, .matthewsCorrelation, .rocArea, .averagePrecision,
    .expectedCalibrationError, .macroPrecision, .weightedPrecision, .macroRecall, .weightedRecall,
  ]

  /// - Parameter digits: of a fraction; a percentage has two less than a fraction of four.
  package func text(_ value: Double?, digits: Int) -> String {
    guard let value else { return "–" }
    return form == .percentage ? "\(NumberText.fixed(100 * value, 2)) %" : NumberText.fixed(value, digits)
  }

  package func text(_ interval: Bootstrap.Interval, digits: Int) -> (low: String, high: String) {
    func text(_ value: Double) -> String {
      form == .percentage ? NumberText.fixed(100 * value, 2) : NumberText.fixed(value, digits)
    }
    return (text(interval.low), text(interval.high))
  }
}

/// A confusion matrix with what is computed from it first.
struct ConfusionScores: Sendable {
  let confusion: ConfusionMatrix
  let classes: [ClassScores]

  init(_ confusion: ConfusionMatrix) { (self.confusion, classes) = (confusion, confusion.classScores) }
}
