/// What a misspelt word may have meant.
package enum Suggestion {
  /// The nearest candidate, where it is near enough to be meant.
  static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let limit = max(1, word.count / 3)
    return candidates.map { (distance: distance(word, $0), word: $0) }.filter { $0.distance <= limit }
      .min { ($0.distance, $0.word) < ($1.distance, $1.word) }?.word
  }

  /// `did you mean 'x'?`, or else what there is.
  package static func hint(for word: String, among candidates: [String]) -> String? {
    if let near = nearest(to: word, among: candidates) { return "did you mean '\(near)'?" }
    return candidates.isEmpty ? nil : "there are: \(candidates.sorted().joined(separator: ", "))"
  }

  /// The optimal string alignment distance: insertions, deletions, substitutions, swaps of neighbours.
  static func distance(_ first: String, _ second: String) -> Int {
    let (a, b) = (Array(first), Array(second))
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for row in 1...a.count {
      var current = [row]
      for column in 1...b.count {
        let cost = a[row - 1] == b[column - 1] ? 0 : 1
        var best = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + cost)
        if row > 1, column > 1, a[row - 1] == b[column - 2], a[row - 2] == b[column - 1] {
          best = min(best, beforeLast[column - 2] + 1)
        }
        current.append(best)
      }
      (beforeLast, last) = (last, current)
    }
    return last[b.count]
  }
}
