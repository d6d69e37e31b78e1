/// Boxes of one thing overlap from frame to frame: the thing keeps its number. A number is never given to another thing.
struct NumbersByOverlap {
  /// Boxes that overlap by less, as intersection over union, are of two things.
  var least: Float = 0.2
  /// How long the number of what is not seen is kept for it.
  var memory = Duration.milliseconds(500)

  private var known: [(number: Int, box: Box, time: Duration)] = []
  private var count = 0

  /// The numbers of the boxes of the next frame, in their order.
  mutating func next(_ boxes: [Box], at time: Duration) -> [Int] {
    known.removeAll { time > $0.time + memory }
    var numbers = [Int?](repeating: nil, count: boxes.count)
    for (old, new) in pairs(with: boxes) { numbers[new] = known[old].number }
    let result = numbers.map { number in
      if let number { return number }
      count += 1
      return count
    }
    known.removeAll { result.contains($0.number) }
    known += zip(result, boxes).map { ($0, $1, time) }
    return result
  }

  /// Which known box is which new one, the best fitting first; each occurs once.
  private func pairs(with boxes: [Box]) -> [(old: Int, new: Int)] {
    let all = known.indices.flatMap { old in
      boxes.indices.map { (old: old, new: $0, overlap: known[old].box.overlap(boxes[$0])) }
    }
    var result: [(old: Int, new: Int)] = []
    for pair in all.filter({ $0.overlap >= least }).sorted(by: { $0.overlap > $1.overlap })
    where !result.contains(where: { $0.old == pair.old || $0.new == pair.new }) {
      result.append((pair.old, pair.new))
    }
    return result
  }
}
