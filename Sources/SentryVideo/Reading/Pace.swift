/// Tells which frames of a live source came so long ago that newer ones are waiting.
struct Pace {
  private(set) var skipped = 0
  /// The time between a fresh frame's own time and its arrival here; only differences matter.
  private var fresh = Double.infinity
  private var lastSeconds: Double?
  private var run = 0
  private let clock: () -> Double

  init(clock: @escaping () -> Double = { Clock.seconds }) { self.clock = clock }

  /// Whether the frame is to be left out: it was there before it was asked for, and is later than a fresh one by more than the time to
  /// the frame before it, so that the next one must be there. After ten left out, one is shown whatever its age.
  /// - Parameters:
  ///   - seconds: the frame's own time.
  ///   - waited: how long the source made wait for it. A frame that had to be waited for is fresh, whatever the clocks say: they
  ///     run apart over hours.
  mutating func isLate(_ seconds: Double, waited: Double) -> Bool {
    let delay = clock() - seconds
    let step = lastSeconds.map { max(seconds - $0, 0) } ?? .infinity
    lastSeconds = seconds
    fresh = waited > 0.004 ? delay : min(fresh, delay)
    let isLate = delay - fresh > max(step, 0.01) && run < 10
    run = isLate ? run + 1 : 0
    if isLate { skipped += 1 }
    return isLate
  }
}
