extension Metric {
  static let matthewsCorrelation = Metric(
    key: "matthews_correlation", title: "Matthews correlation", shortTitle: "MCC",
    computation: .counts { $0.confusion.matthewsCorrelation })
}

extension ConfusionMatrix {
  /// The correlation of truth and answers (Matthews 1975; for several classes Gorodkin 2004): 1 for right answers alone, 0 for
  /// answers that know nothing of the truth. nil where truth or answers are all of one class.
  var matthewsCorrelation: Double? {
    let total = Double(total)
    let supports = (0..<classCount).map { Double(support($0)) }
    let predicted = (0..<classCount).map { Double(predictedCount($0)) }
    func covariance(_ sum: Double, _ left: [Double], _ right: [Double]) -> Double {
      sum * total - zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let correct = (0..<classCount).reduce(0) { $0 + Double(truePositives($1)) }
    let spread = covariance(total, supports, supports) * covariance(total, predicted, predicted)
    return spread > 0 ? covariance(correct, supports, predicted) / spread.squareRoot() : nil
  }
}
