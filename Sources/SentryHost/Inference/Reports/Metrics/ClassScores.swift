/// Precision, recall and F1, of a class or as a mean over classes. Where a quotient is 0 / 0 it is 0 (scikit-learn's
/// `zero_division=0`).
package struct ClassScores: Sendable, Equatable {
  var precision: Double
  var recall: Double
  package var f1: Double
  /// True samples.
  var support: Int
}

extension ConfusionMatrix {
  /// The scores of every class.
  var classScores: [ClassScores] {
    func share(_ part: Int, of whole: Int) -> Double { whole > 0 ? Double(part) / Double(whole) : 0 }
    return (0..<classCount).map { label in
      let (hits, support, claimed) = (hits(label), support(label), claimed(label))
      return ClassScores(
        precision: share(hits, of: claimed), recall: share(hits, of: support),
        f1: share(2 * hits, of: support + claimed),
        support: support)
    }
  }
}
