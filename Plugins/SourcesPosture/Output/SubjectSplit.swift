import SentryBase

/// Which groups are kept for validation: whole groups, in an order that the seed draws, until their sequences make up the share.
enum SubjectSplit {
  /// - Parameter sizes: sequences of each group.
  /// - Returns: the groups for validation; nil where there are not two groups to part.
  static func validation(_ sizes: [String: Int], share: Double, seed: UInt64) -> Set<String>? {
    guard sizes.count >= 2 else { return nil }
    var order = sizes.keys.sorted()
    shuffle(&order, seed: seed)
    let wanted = Double(sizes.values.reduce(0, +)) * share
    var (chosen, size): (Set<String>, Double) = ([], 0)
    for group in order where chosen.count < sizes.count - 1 {
      let next = size + Double(sizes[group] ?? 0)
      // Nearer to the share with it than without it; and never nobody.
      guard chosen.isEmpty || abs(next - wanted) <= abs(size - wanted) else { continue }
      chosen.insert(group)
      size = next
      if size >= wanted { break }
    }
    return chosen
  }

  static func shuffle<Element>(_ items: inout [Element], seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for index in items.indices.reversed().dropLast() {
      items.swapAt(index, Int(random.next() % UInt64(index + 1)))
    }
  }
}
