extension [ClassScores] {
  /// The mean over all classes, whether or not they occur.
  package var macro: ClassScores { mean { _ in 1 } }

  /// The mean with each class's share of the samples as its weight.
  package var weighted: ClassScores { mean { Double($0.support) } }

  private func mean(_ weight: (ClassScores) -> Double) -> ClassScores {
    let (total, support) = (reduce(0) { $0 + weight($1) }, reduce(0) { $0 + $1.support })
    func mean(_ value: KeyPath<ClassScores, Double>) -> Double {
      total > 0 ? reduce(0) { $0 + weight($1) * $1[keyPath: value] } / total : 0
    }
    return ClassScores(precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1), support: support)
  }
}
