import SentryInference
import SentryPluginAPI
import SentryRuntime

/// Shows frames in browsers, at the pace of the video.
final class WebSink: LiveSink {
  private let server: LiveServer
  private let encode: (Tensor) throws -> [UInt8]
  private let source: String
  private let isLive: Bool
  private var pacer: FramePacer
  private var newest: (image: Tensor, frame: LiveFrame)?

  let isDrawn = true

  /// - Parameters:
  ///   - source: the name that is shown.
  ///   - encode: makes a JPEG file of uint8 [H, W, 3].
  init(
    _ server: LiveServer, source: String, isLive: Bool, encode: @escaping (Tensor) throws -> [UInt8]
  ) {
    (self.server, self.source, self.isLive, self.encode) = (server, source, isLive, encode)
    pacer = FramePacer(isLive: isLive)
  }

  func receive(_ image: Tensor, _ frame: LiveFrame) throws -> LiveCommand {
    newest = (image, frame)
    // Nobody sees a picture that is made for nobody.
    if server.isWatched { try publish() }
    pacer.wait(for: frame)
    return .go
  }

  /// The last picture stays.
  func finish() throws { try publish(isLast: true) }

  private func publish(isLast: Bool = false) throws {
    guard let newest else { return }
    let update: JSONValue = [
      "live": newest.frame.json, "source": .string(source), "camera": .bool(isLive), "ended": .bool(isLast),
    ]
    server.channel.publish(text: try JSON.text(update), jpeg: try encode(newest.image), isLast: isLast)
  }
}
