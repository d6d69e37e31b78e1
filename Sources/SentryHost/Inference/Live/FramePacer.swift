import Glibc
import SentryRuntime

/// Holds the frames of a file to its own pace. A camera sets its pace itself.
package struct FramePacer {
  private let isLive: Bool
  /// When the first frame was shown, and its time in the video.
  private var start: (clock: Double, time: Double)?

  package init(isLive: Bool) { self.isLive = isLive }

  /// Seconds until the frame after this one is due, at most one.
  package mutating func delay(after frame: LiveFrame, at now: Double = MonotonicClock.seconds()) -> Double {
    guard !isLive else { return 0 }
    guard let start else {
      self.start = (now, frame.time)
      return 0
    }
    return min(max(start.clock + frame.time - start.time - now, 0), 1)
  }

  /// The next frame is the first again: after a pause, those that are late do not rush.
  package mutating func restart() { start = nil }

  /// Waits as long as that, or until the user asks to stop.
  package mutating func wait(for frame: LiveFrame) {
    let end = MonotonicClock.seconds() + delay(after: frame)
    while !HostState.shared.isCancelled, case let left = end - MonotonicClock.seconds(), left > 0 {
      usleep(UInt32(min(left, 0.05) * 1e6))
    }
  }
}
