/// Precision, recall and F1, of a class or as a mean over classes. Where a quotient is 0 / 0 it is 0 (scikit-learn's
/// `zero_division=0`).
package struct ClassScores: Sendable, Equatable {
  var precision: Double
  var recall: Double
  var f1: Double
  /// True samples.
  var support: Int
}

extension Metric {
  static let macroF1 = average("f1_macro", "macro F1") { $0.macro.f1 }
  static let weightedF1 = average("f1_weighted", "weighted F1") { $0.weighted.f1 }
  static let macroPrecision = average("precision_macro") { $0.macro.precision }
  static let weightedPrecision = average("precision_weighted") { $0.weighted.precision }
  static let macroRecall = average("recall_macro") { $0.macro.recall }
  static let weightedRecall = average("recall_weighted") { $0.weighted.recall }

  private static func average(
    _ key: String, _ title: String? = nil, of score: @escaping @Sendable ([ClassScores]) -> Double
  )
    -> Metric
  {
    Metric(
      key: key, title: title, shortTitle: title,
      computation: .counts { $0.classes.contains { $0.support > 0 } ? score($0.classes) : nil })
  }
}

extension [ClassScores] {
  /// The mean over all classes, whether or not they occur.
  var macro: ClassScores { mean { _ in 1 } }

  /// The mean with each class's share of the samples as its weight.
  var weighted: ClassScores { mean { Double($0.support) } }

  private func mean(_ weight: (ClassScores) -> Double) -> ClassScores {
    let (total, support) = (reduce(0) { $0 + weight($1) }, reduce(0) { $0 + $1.support })
    func mean(_ value: KeyPath<ClassScores, Double>) -> Double {
      total > 0 ? reduce(0) { $0 + weight($1) * $1[keyPath: value] } / total : 0
    }
    return ClassScores(precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1), support: support)
  }
}

extension ConfusionMatrix {
  /// The scores of every class.
  var classScores: [ClassScores] {
    func share(_ part: Int, of whole: Int) -> Double { whole > 0 ? Double(part) / Double(whole) : 0 }
    return (0..<classCount).map { label in
      let (right, support, predicted) = (truePositives(label), support(label), predictedCount(label))
      return ClassScores(
        precision: share(right, of: predicted), recall: share(right, of: support),
        f1: share(2 * right, of: support + predicted), support: support)
    }
  }
}
