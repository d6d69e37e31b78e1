extension Metric {
  static let cohenKappa = Metric(
    key: "cohen_kappa", title: "Cohen's kappa", shortTitle: "kappa", computation: .counts { $0.confusion.cohenKappa })
}

extension ConfusionMatrix {
  /// Agreement beyond chance (Cohen 1960), unweighted: 1 − observed disagreement / disagreement expected from the margins.
  /// nil where no disagreement is to be expected: truth and answers are all of one class.
  var cohenKappa: Double? {
    let total = Double(total)
    // Of all pairs of classes those that differ, whose sums are whole numbers.
    let observed = (0..<classCount).reduce(total) { $0 - Double(truePositives($1)) }
    let expected = (0..<classCount).reduce(total * total) { $0 - Double(support($1)) * Double(predictedCount($1)) }
    return expected > 0 ? 1 - observed * total / expected : nil
  }
}
