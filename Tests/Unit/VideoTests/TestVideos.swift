import Foundation
import SentryVideo
import Testing

/// The videos of `Fixtures/make_videos.py`, made once for all tests of the process.
enum TestVideos {
  static let folder: String = {
    let folder = NSTemporaryDirectory() + "sentry-videos-\(getpid())"
    let script = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/Fixtures/make_videos.py"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script, folder]
    atexit { try? FileManager.default.removeItem(atPath: NSTemporaryDirectory() + "sentry-videos-\(getpid())") }
    do {
      try process.run()
      process.waitUntilExit()
    } catch {
      Issue.record("the test videos cannot be made: \(error)")
    }
    #expect(process.terminationStatus == 0, "make_videos.py failed: is ffmpeg installed? scripts/setup does")
    return folder
  }()

  static func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// What ffprobe says of a file's frames.
  struct Truth: Decodable {
    /// nil where the container has no time.
    var times: [Double?]
    /// Width and height as stored.
    var sizes: [[Int]]
  }

  static func truth(_ name: String) throws -> Truth {
    try JSONDecoder().decode(Truth.self, from: Data(contentsOf: URL(fileURLWithPath: path(name + ".json"))))
  }

  static func open(_ name: String, _ options: ReadingOptions = ReadingOptions()) throws -> any FrameReader {
    try VideoSource(path(name)).open(options)
  }

  static func frames(_ reader: any FrameReader) throws -> [DecodedFrame] {
    var frames: [DecodedFrame] = []
    while let frame = try reader.next() { frames.append(frame) }
    return frames
  }

  /// The error of opening a file and reading all of it.
  static func failure(_ name: String) throws -> VideoError {
    try #require(throws: VideoError.self) { _ = try frames(open(name)) }
  }
}
