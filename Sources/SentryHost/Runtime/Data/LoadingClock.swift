import Glibc
import Synchronization

/// Processor time of the loader threads by what they did.
package final class LoadingClock: Sendable {
  package struct Seconds: Sendable, Equatable {
    /// Reading and decoding, or fetching from the cache.
    package var reading = 0.0
    package var augmenting = 0.0
  }

  private let seconds = Mutex(Seconds())

  package init() {}

  /// What was measured since the last call.
  package func take() -> Seconds {
    seconds.withLock { seconds in
      defer { seconds = Seconds() }
      return seconds
    }
  }

  package static func timed<Result>(
    _ clock: LoadingClock?, _ part: WritableKeyPath<Seconds, Double>, _ body: () throws -> Result
  ) rethrows -> Result {
    guard let clock else { return try body() }
    let start = threadSeconds()
    defer {
      let time = threadSeconds() - start
      clock.seconds.withLock { $0[keyPath: part] += time }
    }
    return try body()
  }

  /// Of the calling thread: what others do meanwhile does not count.
  private static func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
