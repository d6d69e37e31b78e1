extension Metric {
  static let cohenKappa = Metric(
    key: "cohen_kappa", title: "Cohen's kappa", shortTitle: "kappa", computation: .counts { $0.confusion.cohenKappa })
}

extension ConfusionMatrix {
  /// Agreement beyond chance (Cohen 1960), unweighted: 1 − observed disagreement / disagreement expected from the margins.
  /// nil where no disagreement is to be expected: truth and answers are all of one class.
  var cohenKappa: Double? {
    let total = Double(total)
    var (observed, expected) = (0.0, 0.0)
    let (supports, predicted) = ((0..<classCount).map(support), (0..<classCount).map(predictedCount))
    for truth in 0..<classCount {
      for answer in 0..<classCount where answer != truth {
        observed += Double(self[truth, answer])
        expected += Double(supports[truth]) * Double(predicted[answer])
      }
    }
    return expected > 0 ? 1 - observed * total / expected : nil
  }
}
