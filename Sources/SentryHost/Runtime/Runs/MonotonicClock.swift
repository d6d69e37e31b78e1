import Glibc

/// Time that only goes forward, whatever becomes of the wall clock.
package enum MonotonicClock {
  /// Seconds from an arbitrary moment.
  package static let seconds: @Sendable () -> Double = {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
