import CFFmpeg
import Glibc

/// Ends calls of FFmpeg that wait: when the user cancels, and where a server or camera does not answer in time.
final class InterruptGate {
  enum Cause { case cancelled, timeout }

  private let isCancelled: @Sendable () -> Bool
  private let seconds: Double?
  private var deadline = Double.infinity
  private(set) var cause: Cause?

  /// - Parameter seconds: how long one call may take; nil where nothing has to be waited for.
  init(seconds: Double?, isCancelled: @escaping @Sendable () -> Bool) {
    (self.seconds, self.isCancelled) = (seconds, isCancelled)
  }

  /// A call begins.
  func begin() {
    deadline = seconds.map { Clock.seconds + $0 } ?? .infinity
    cause = nil
  }

  /// Whether the call has to end.
  func isDue() -> Bool {
    if isCancelled() {
      cause = .cancelled
    } else if Clock.seconds > deadline {
      cause = .timeout
    }
    return cause != nil
  }

  /// For FFmpeg; the gate must outlive the context that it is given to.
  var callback: AVIOInterruptCB {
    AVIOInterruptCB(
      callback: { gate in
        guard let gate else { return 0 }
        return Unmanaged<InterruptGate>.fromOpaque(gate).takeUnretainedValue().isDue() ? 1 : 0
      }, opaque: Unmanaged.passUnretained(self).toOpaque())
  }

  /// The error of a call that the gate has ended.
  func failure(_ place: String) -> VideoError? {
    switch cause {
    case nil: nil
    case .cancelled: VideoError(.cancelled, place: place, "cancelled", hint: "start again to read it")
    case .timeout:
      VideoError(
        .timeout, place: place, "no answer within \(Int(seconds ?? 0)) s",
        hint: "check the address and the network, or whether the camera is connected")
    }
  }
}

enum Clock {
  /// Seconds of a clock that only runs forward.
  static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

extension Clock {
  static func sleep(milliseconds: Int) { usleep(UInt32(milliseconds * 1000)) }
}
