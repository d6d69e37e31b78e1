/// The rows of one instance, frame after frame. A frame that does not show it repeats the row before, as soon as it is seen again
/// within the gap; sequences on files and windows of live models are both made by this rule.
struct HeldRows {
  /// When it was last seen, in seconds.
  private(set) var seen = 0.0
  private var last: [Float] = []
  private var missed = 0

  /// A frame does not show it.
  mutating func miss() { missed += 1 }

  /// - Returns: the rows of the frames since it was last seen, then its own.
  mutating func see(_ row: [Float], at time: Double) -> [[Float]] {
    defer { (seen, last, missed) = (time, row, 0) }
    return Array(repeating: last, count: missed) + [row]
  }

  /// Whether it has been out of sight for longer than the gap, and begins anew.
  func isOver(at time: Double, gap: Double) -> Bool { time - seen > gap }
}
