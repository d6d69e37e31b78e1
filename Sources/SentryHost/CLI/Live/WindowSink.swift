import SentryInference
import SentryPluginAPI
import SentryRuntime

/// Shows frames in a window, at the pace of the video, and listens to keys: space pauses, s steps, q quits.
final class WindowSink: LiveSink {
  private let video: ImportedVideoBackend
  private let title: String
  private let isLive: Bool
  private var isPaused = false
  /// When the first frame was shown, and its time in the video.
  private var start: (clock: Double, time: Double)?

  let isDrawn = true

  init(_ video: ImportedVideoBackend, title: String, isLive: Bool) {
    (self.video, self.title, self.isLive) = (video, title, isLive)
  }

  func receive(_ image: Tensor, _ frame: LiveFrame) throws -> LiveCommand {
    var key = try video.show(image, title: title, waiting: isPaused ? 0 : delay(of: frame))
    while true {
      switch key {
      case .closed, .character("q"): return .quit
      case .character(" "): isPaused.toggle()
      case .character("s"):
        isPaused = true
        return .go
      case .character, .none: break
      }
      guard isPaused, !HostState.shared.isCancelled else { break }
      key = try video.show(image, title: title, waiting: 0.05)
      start = nil
    }
    return .go
  }

  func finish() {}

  /// Until the frame after this one is due. A camera sets its own pace.
  private func delay(of frame: LiveFrame) -> Double {
    guard !isLive else { return 0.001 }
    let now = MonotonicClock.seconds()
    guard let start else {
      self.start = (now, frame.time)
      return 0.001
    }
    return min(max(start.clock + frame.time - start.time - now, 0.001), 1)
  }
}
