/// p-values of several tests, corrected by Holm's step-down procedure (Scandinavian Journal of Statistics 1979): the chance that any
/// of them is wrongly below the level stays below it. As statsmodels' `multipletests(method="holm")`.
enum HolmCorrection {
  static func adjusted(_ pValues: [Double]) -> [Double] {
    var adjusted = pValues
    var highest = 0.0
    let ascending = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
    for (rank, index) in ascending.enumerated() {
      highest = max(highest, min(1, Double(pValues.count - rank) * pValues[index]))
      adjusted[index] = highest
    }
    return adjusted
  }
}
