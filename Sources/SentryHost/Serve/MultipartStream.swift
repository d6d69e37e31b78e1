import FlyingFox
import FlyingSocks

/// The frames as `multipart/x-mixed-replace`, which video players and browsers without scripts show.
struct MultipartStream: AsyncBufferedSequence {
  typealias Element = UInt8

  static let boundary = "sentry-frame"
  static let contentType = "multipart/x-mixed-replace; boundary=\(boundary)"

  let channel: FrameChannel

  func makeAsyncIterator() -> Iterator { Iterator(viewer: Viewer(channel)) }

  /// A part and the boundary behind it: browsers show a part when they see where it ends.
  static func part(_ jpeg: [UInt8]) -> [UInt8] {
    Array("Content-Type: image/jpeg\r\nContent-Length: \(jpeg.count)\r\n\r\n".utf8) + jpeg
      + Array("\r\n--\(boundary)\r\n".utf8)
  }

  /// Counted as long as it lives.
  final class Viewer: Sendable {
    let channel: FrameChannel

    init(_ channel: FrameChannel) {
      self.channel = channel
      channel.join()
    }

    deinit { channel.leave() }
  }

  struct Iterator: AsyncBufferedIteratorProtocol {
    private let viewer: Viewer
    private var shown: Int?

    init(viewer: Viewer) { self.viewer = viewer }

    /// One part, as large as it is.
    mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
      guard let shown else {
        self.shown = 0
        return Array("--\(boundary)\r\n".utf8)
      }
      guard let update = await viewer.channel.next(after: shown) else { return nil }
      self.shown = update.number
      return MultipartStream.part(update.jpeg)
    }

    /// FlyingFox asks for buffers alone.
    mutating func next() async throws -> UInt8? { throw SocketError.unsupportedAddress }
  }
}
