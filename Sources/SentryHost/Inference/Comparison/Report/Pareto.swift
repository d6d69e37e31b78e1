/// Which of several models nobody would rule out: no other is at least as good in both respects and better in one.
enum Pareto {
  /// - Parameter points: the more benefit and the less cost, the better; nil where a cost is not known.
  /// - Returns: for each whether it is on the front; false where its cost is not known.
  static func front(_ points: [(benefit: Double, cost: Double)?]) -> [Bool] {
    points.map { point in
      guard let point else { return false }
      return !points.contains { other in
        guard let other else { return false }
        return other.benefit >= point.benefit && other.cost <= point.cost
          && (other.benefit > point.benefit || other.cost < point.cost)
      }
    }
  }
}
