import SentryPluginAPI
import SentryRuntime

/// Frames of an open source, read ahead on a thread of its own.
package final class FrameStream: @unchecked Sendable {
  // Unchecked: the reader belongs to the thread; everything else is behind the monitor.
  private let reader: any VideoReader
  private let monitor = Monitor()
  private var frames: [VideoFrame] = []
  private var end: Result<Void, any Error>?
  private var isStopped = false
  private var lost = 0
  private var thread: NamedThread?

  /// How many frames of a file are read ahead.
  private static let ahead = 3

  package let specification: VideoSpecification

  /// Of a live source only the newest frame is kept, so that a slow caller does not fall behind; of all others every frame is
  /// given, however long that takes.
  package init(_ reader: any VideoReader) throws {
    self.reader = reader
    specification = reader.specification
    thread = try NamedThread("sentry-video") { [self] in read() }
  }

  deinit { stop() }

  /// The next frame, as soon as there is one; nil at the end.
  package func next() throws -> VideoFrame? {
    try monitor.locked {
      monitor.wait { !frames.isEmpty || end != nil }
      defer { monitor.wakeAll() }
      guard frames.isEmpty else { return frames.removeFirst() }
      try end?.get()
      return nil
    }
  }

  /// Frames of a live source that were passed over so far.
  package var lostFrames: Int { monitor.locked { lost } }

  /// Ends the reading. Afterwards ``notes`` is complete.
  package func stop() {
    let running = monitor.locked { () -> NamedThread? in
      isStopped = true
      monitor.wakeAll()
      defer { thread = nil }
      return thread
    }
    running?.join()
  }

  /// What went wrong without an end to the reading; to be asked after ``stop()``.
  package var notes: [String] { reader.notes }

  private func read() {
    // Until the end, an error, or `stop`.
    while true {
      let frame = Result { try reader.next() }
      let goesOn = monitor.locked { () -> Bool in
        defer { monitor.wakeAll() }
        switch frame {
        case .success(let frame?):
          if specification.live {
            lost += frames.count
            frames = [frame]
          } else {
            monitor.wait { frames.count < Self.ahead || isStopped }
            frames.append(frame)
          }
          return !isStopped
        case .success(nil): end = .success(())
        case .failure(let error): end = .failure(error)
        }
        return false
      }
      guard goesOn else { break }
    }
    monitor.locked {
      if end == nil { end = .success(()) }
      monitor.wakeAll()
    }
  }
}
