/// A smaller list with the same shares of classes.
enum StratifiedSubset {
  /// Ascending positions of `size` samples drawn without replacement. Each class gets its share, rounded by the largest
  /// remainder, and at least one sample where the size allows one for each.
  static func positions(classes: [Int], size: Int, seed: UInt64) -> [Int] {
    guard size < classes.count else { return Array(classes.indices) }
    var members = [[Int]](repeating: [], count: (classes.max() ?? -1) + 2)
    for (position, label) in classes.enumerated() { members[label + 1].append(position) }
    let quotas = shares(of: members.map(\.count), size: max(0, size))
    var generator = SplitMix64(seed: Seed.derive(seed, "limit"))
    return zip(members, quotas).flatMap { members, quota in
      var members = members
      generator.shuffle(&members)
      return members.prefix(quota)
    }.sorted()
  }

  private static func shares(of counts: [Int], size: Int) -> [Int] {
    let total = counts.reduce(0, +)
    let filled = counts.indices.filter { counts[$0] > 0 }
    guard total > 0 else { return counts }
    var quotas = counts.map { $0 * size / total }
    let byRemainder = filled.sorted {
      (counts[$1] * size % total, $0) < (counts[$0] * size % total, $1)
    }
    for index in byRemainder.prefix(size - quotas.reduce(0, +)) { quotas[index] += 1 }
    guard size >= filled.count else { return quotas }
    for index in filled where quotas[index] == 0 {
      // The largest quota is above one: else fewer than `size` would be given out.
      guard let richest = filled.max(by: { (quotas[$0], $1) < (quotas[$1], $0) }) else { break }
      quotas[richest] -= 1
      quotas[index] += 1
    }
    return quotas
  }
}
