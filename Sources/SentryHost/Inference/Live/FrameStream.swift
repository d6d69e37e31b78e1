import SentryPluginAPI

/// Frames of an open source, read ahead on a thread of its own.
package final class FrameStream: @unchecked Sendable {
  // Unchecked: the reader belongs to the queue's thread until that has ended.
  private let reader: any VideoReader
  private let queue: AheadQueue<VideoFrame>

  /// How many frames of a file are read ahead.
  private static let ahead = 3

  package let specification: VideoSpecification

  /// Of a live source only the newest frame is kept, so that a slow caller does not fall behind; of all others every frame is
  /// given, however long that takes.
  package init(_ reader: any VideoReader) throws {
    self.reader = reader
    specification = reader.specification
    queue = try AheadQueue("sentry-video", room: Self.ahead, keepsNewest: specification.live) { try reader.next() }
  }

  deinit { stop() }

  /// The next frame, as soon as there is one; nil at the end.
  package func next() throws -> VideoFrame? { try queue.next() }

  /// Frames of a live source that were passed over so far.
  package var lostFrames: Int { queue.replaced }

  /// Ends the reading. Afterwards ``notes`` is complete.
  package func stop() { queue.stop() }

  /// What went wrong without an end to the reading; to be asked after ``stop()``.
  package var notes: [String] { reader.notes }
}
