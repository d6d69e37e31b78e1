extension ConfusionMatrix {
  /// Agreement beyond chance (Cohen 1960), unweighted: 1 − observed disagreement / disagreement expected from the margins.
  /// nil where no disagreement is to be expected: truth and answers are all of one class.
  package var cohenKappa: Double? {
    let total = Double(total)
    var (observed, expected) = (0.0, 0.0)
    let (supports, claims) = ((0..<classCount).map(support), (0..<classCount).map(claimed))
    for truth in 0..<classCount {
      for predicted in 0..<classCount where predicted != truth {
        observed += Double(self[truth, predicted])
        expected += Double(supports[truth]) * Double(claims[predicted])
      }
    }
    return expected > 0 ? 1 - observed * total / expected : nil
  }
}
