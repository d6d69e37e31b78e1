import SentryInference
import SentryPluginAPI
import SentryRuntime

/// Shows frames in a window, at the pace of the video, and listens to keys: space pauses, s steps, q quits.
final class WindowSink: LiveSink {
  private let video: ImportedVideoBackend
  private let title: String
  private var pacer: FramePacer
  private var isPaused = false

  let isDrawn = true

  init(_ video: ImportedVideoBackend, title: String, isLive: Bool) {
    (self.video, self.title) = (video, title)
    pacer = FramePacer(isLive: isLive)
  }

  func receive(_ image: Tensor, _ frame: LiveFrame) throws -> LiveCommand {
    var key = try video.show(image, title: title, waiting: isPaused ? 0 : max(pacer.delay(after: frame), 0.001))
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
      pacer.restart()
    }
    return .go
  }

  func finish() {}
}
