/// Takes the frame nearest to each tick of a clock that begins with the first frame. No frame is taken twice: a tick whose nearest
/// frame belongs to an earlier tick has none.
package struct FrameSampler<Frame> {
  package typealias Verdict = (frame: Frame, isTaken: Bool)

  /// Of two times that a container keeps in milliseconds, in seconds.
  private static var rounding: Double { 0.001 }
  /// Seconds between ticks; nil: every frame is taken.
  private let interval: Double?
  private var start = 0.0
  /// The first tick that no frame has yet.
  private var tick = 0
  private var waiting: (frame: Frame, time: Double)?
  package private(set) var ticksWithoutFrame = 0

  package init(rate: Double?) { interval = rate.map { 1 / $0 } }

  /// - Parameter time: increasing.
  /// - Returns: a frame about which this one decides; of two that are equally near the earlier is taken.
  package mutating func next(_ frame: Frame, at time: Double) -> Verdict? {
    guard let interval else { return (frame, true) }
    defer { waiting = (frame, time) }
    guard let waiting else {
      start = time
      return nil
    }
    return (waiting.frame, takesTicks(until: (waiting.time + time) / 2, interval))
  }

  /// The last frame. Ticks after it have none; rounding of its time does not count.
  package mutating func finish() -> Verdict? {
    guard let interval, let last = waiting else { return nil }
    waiting = nil
    return (last.frame, takesTicks(until: last.time + min(Self.rounding, interval / 4), interval))
  }

  private mutating func takesTicks(until end: Double, _ interval: Double) -> Bool {
    let last = Int(min(max(((end - start) / interval).rounded(.down), -1), 1e15))
    guard last >= tick else { return false }
    ticksWithoutFrame += last - tick
    tick = last + 1
    return true
  }
}
