/// Follows one person through frames in which OpenPose names nobody: the most plainly seen at first, then whoever is nearest.
struct PersonTracker {
  private var last: [Float]?

  mutating func follow(_ people: [[Float]]) -> [Float]? {
    let chosen: [Float]?
    if let last {
      chosen =
        people.compactMap { person in Self.distance(last, person).map { ($0, person) } }
        .min { $0.0 < $1.0 }?.1
    } else {
      chosen = people.max { Self.prominence($0) < Self.prominence($1) }
    }
    if let chosen { last = chosen }
    return chosen
  }

  /// Confidence times height, so that the person in front wins.
  private static func prominence(_ person: [Float]) -> Float {
    let seen = stride(from: 0, to: person.count, by: 3).filter { person[$0 + 2] > 0 }
    let heights = seen.map { person[$0 + 1] }
    guard let low = heights.min(), let high = heights.max() else { return 0 }
    return seen.reduce(0) { $0 + person[$1 + 2] } * (high - low)
  }

  /// The mean distance of the joints seen in both; nil where none is.
  private static func distance(_ first: [Float], _ second: [Float]) -> Float? {
    guard first.count == second.count else { return nil }
    let seen = stride(from: 0, to: first.count, by: 3).filter { first[$0 + 2] > 0 && second[$0 + 2] > 0 }
    guard !seen.isEmpty else { return nil }
    let sum = seen.reduce(Float(0)) { sum, joint in
      let (x, y) = (first[joint] - second[joint], first[joint + 1] - second[joint + 1])
      return sum + (x * x + y * y).squareRoot()
    }
    return sum / Float(seen.count)
  }
}
