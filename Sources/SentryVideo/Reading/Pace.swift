/// Tells which frames of a live source came so long ago that newer ones are waiting.
struct Pace {
  private(set) var skipped = 0
  /// The least time between a frame's own time and its arrival here; only differences matter.
  private var shortest = Double.infinity
  private var lastSeconds: Double?
  private let clock: () -> Double

  init(clock: @escaping () -> Double = { Clock.seconds }) { self.clock = clock }

  /// Whether the frame is to be left out: it is later than the quickest by more than the time to the frame before it, so that
  /// the next one must be there. After ten left out, one is shown whatever its age.
  mutating func isLate(_ seconds: Double) -> Bool {
    let delay = clock() - seconds
    let step = lastSeconds.map { max(seconds - $0, 0) } ?? .infinity
    lastSeconds = seconds
    shortest = min(shortest, delay)
    let isLate = delay - shortest > max(step, 0.01) && run < 10
    run = isLate ? run + 1 : 0
    if isLate { skipped += 1 }
    return isLate
  }

  private var run = 0
}
