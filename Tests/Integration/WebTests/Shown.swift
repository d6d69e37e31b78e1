import Foundation
import Synchronization

@testable import SentryInference
@testable import SentryServe

/// A server with a drawn video on it, shown by a thread until it is stopped.
final class Shown: Sendable {
  let server: LiveServer
  private let state = Mutex((isOver: false, frames: 0))
  private let done = DispatchSemaphore(value: 0)
  private static let patience = 600.0

  /// - Parameter frames: after which the video ends.
  private init(address: String?, frames: Int) throws {
    // The server shares the threads of the tests, and others may hold them for long.
    server = try LiveServer(ServingAddress(address: address, port: "0"), patience: Self.patience)
    Thread { [self] in show(frames) }.start()
  }

  /// Runs the body beside a server.
  static func with<Result>(
    address: String? = nil, frames: Int = .max, _ body: (Shown) async throws -> Result
  ) async throws -> Result {
    let shown = try await offPool { try Shown(address: address, frames: frames) }
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body(shown)) } catch { result = .failure(error) }
    try await offPool { shown.stop() }
    return try result.get()
  }

  /// Frames that were shown so far.
  var frames: Int { state.withLock { $0.frames } }

  private func show(_ limit: Int) {
    // As a camera: pacing is tested elsewhere.
    let sink = WebSink(server, source: "drawn.mp4", isLive: true, encode: Drawn.jpeg)
    var index = 0
    while !state.withLock({ $0.isOver }), index < limit {
      usleep(4000)
      guard server.isWatched, let (image, frame) = try? Drawn.frame(index) else { continue }
      _ = try? sink.receive(image, frame)
      index += 1
      state.withLock { $0.frames = index }
    }
    let end = WebSink(server, source: "drawn.mp4", isLive: false, encode: Drawn.jpeg)
    if let (image, frame) = try? Drawn.frame(max(index, 1)) {
      _ = try? end.receive(image, frame)
      try? end.finish()
    }
    done.signal()
  }

  private func stop() {
    state.withLock { $0.isOver = true }
    done.wait()
    server.stop()
  }

  /// Runs what blocks on a thread of its own: the server's tasks need those of the tests.
  static func offPool<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      Thread { continuation.resume(with: Swift.Result(catching: body)) }.start()
    }
  }

  /// Runs a program and returns its exit status and output.
  static func run(_ arguments: [String]) async throws -> (status: Int32, output: Data) {
    try await offPool {
      let (process, pipe) = (Process(), Pipe())
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = arguments
      process.standardOutput = pipe
      try process.run()
      let output = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return (process.terminationStatus, output)
    }
  }

  static func curl(_ arguments: [String]) async throws -> (status: Int32, output: Data) {
    try await run(["curl", "--silent", "--max-time", "\(patience)"] + arguments)
  }

  static let hasCurl = FileManager.default.isExecutableFile(atPath: "/usr/bin/curl")
}
