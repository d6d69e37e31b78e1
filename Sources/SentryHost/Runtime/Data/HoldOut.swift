/// Divides a training split where a dataset has no validation split of its own.
package enum HoldOut {
  /// Positions of both sides, ascending. Groups stay whole; among the ways to do that, classes keep their shares as well as a
  /// greedy pass finds them: groups are taken in seeded order, the largest first, and held out when that brings the class
  /// counts of the held-out side closer (chi-squared) to `share` of all. Without groups this is the plain stratified split.
  /// - Parameters:
  ///   - classes: one for each sample; -1, unlabelled, counts as a class of its own.
  ///   - groups: one for each sample; nil is a group of one.
  package static func split(classes: [Int], groups: [Int?], share: Double, seed: UInt64) -> (
    train: [Int], heldOut: [Int]
  ) {
    let strata = (classes.max() ?? -1) + 2
    var wanted = [Double](repeating: 0, count: strata)
    for label in classes { wanted[label + 1] += share }
    var held = [Double](repeating: 0, count: strata)
    var isHeld = [Bool](repeating: false, count: classes.count)

    for members in ordered(groups, seed: seed) {
      var added: [Int: Double] = [:]
      for position in members { added[classes[position] + 1, default: 0] += 1 }
      // Sorted, because sums in a dictionary's order would differ from run to run in the last bit.
      let change = added.sorted { $0.key < $1.key }.reduce(0.0) { sum, entry in
        let (before, after) = (held[entry.key] - wanted[entry.key], held[entry.key] + entry.value - wanted[entry.key])
        return sum + (after * after - before * before) / max(wanted[entry.key], 1e-9)
      }
      guard change < 0 else { continue }
      for (stratum, count) in added { held[stratum] += count }
      for position in members { isHeld[position] = true }
    }
    return (classes.indices.filter { !isHeld[$0] }, classes.indices.filter { isHeld[$0] })
  }

  /// The positions of each group, in seeded order, the largest groups first.
  private static func ordered(_ groups: [Int?], seed: UInt64) -> [[Int]] {
    var members: [[Int]] = []
    var known: [Int: Int] = [:]
    for (position, group) in groups.enumerated() {
      if let group, let at = known[group] {
        members[at].append(position)
      } else {
        if let group { known[group] = members.count }
        members.append([position])
      }
    }
    var generator = SplitMix64(seed: Seed.derive(seed, "hold-out"))
    generator.shuffle(&members)
    let byRank = members.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
    return byRank.map(\.element)
  }
}
