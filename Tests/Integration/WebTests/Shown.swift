import Foundation
import Synchronization

@testable import SentryServe

/// A server with a drawn video on it, shown by a thread until the end of the object.
final class Shown: Sendable {
  let server: LiveServer
  private let state = Mutex((isOver: false, frames: 0))
  private let done = DispatchSemaphore(value: 0)

  /// - Parameter frames: after which the video ends.
  init(address: String? = nil, frames: Int = .max, pause: useconds_t = 4000) throws {
    server = try LiveServer(ServingAddress(address: address, port: "0"))
    let thread = Thread { [self] in
      let sink = WebSink(server, source: "drawn.mp4", isLive: false, encode: Drawn.jpeg)
      // Pacing is measured elsewhere.
      let unpaced = WebSink(server, source: "drawn.mp4", isLive: true, encode: Drawn.jpeg)
      var index = 0
      while !state.withLock({ $0.isOver }), index < frames {
        usleep(pause)
        guard server.isWatched else { continue }
        let (image, frame) = Drawn.frame(index)
        _ = try? unpaced.receive(image, frame)
        index += 1
        state.withLock { $0.frames = index }
      }
      let (image, frame) = Drawn.frame(max(index, 1))
      _ = try? sink.receive(image, frame)
      try? sink.finish()
      done.signal()
    }
    thread.start()
  }

  /// Frames that were shown so far.
  var frames: Int { state.withLock { $0.frames } }

  func stop() {
    state.withLock { $0.isOver = true }
    done.wait()
    server.stop()
  }

  /// Runs curl.
  static func curl(_ arguments: [String]) throws -> (status: Int32, output: Data) {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["curl", "--silent", "--max-time", "20"] + arguments
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  static let hasCurl = FileManager.default.isExecutableFile(atPath: "/usr/bin/curl")
}
