import Foundation
import SentryTestSupport
import SentryVision
import Testing

/// The first frames of a shared video, and what MediaPipe found in them (Fixtures/make_mediapipe.py).
struct GoldenVideo {
  struct Frame: Decodable {
    let size: [Int]
    /// 33 times x, y, z, visibility; nil where there is nobody. Tracked from frame to frame, and each frame by itself.
    let tracked, alone: [Float]?
    /// Of the tracked pose, in metres.
    let world: [Float]?
    /// Score, x, y, width, height.
    let faces: [[Float]]
  }

  let frames: [Frame]
  private let pixels: [UInt8]

  init(_ name: String) throws {
    let golden = try JSONDecoder().decode(
      [String: [Frame]].self, from: Data(contentsOf: URL(filePath: Fixture.path("mediapipe.json"))))
    frames = try #require(golden[name])
    pixels = try Self.decode(SharedData.path("videos/\(name)"), frames.count)
  }

  static let ffmpeg = ["/usr/bin/ffmpeg", "/usr/local/bin/ffmpeg"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Each frame, lent for a call.
  func forEach(_ body: (Int, Frame, PixelView) throws -> Void) throws {
    try pixels.withUnsafeBufferPointer { pixels in
      var next = try #require(pixels.baseAddress)
      for (number, frame) in frames.enumerated() {
        let (width, height) = (frame.size[0], frame.size[1])
        try body(number, frame, PixelView(next, width: width, height: height))
        next += 3 * width * height
      }
    }
  }

  /// As the script decodes them, so that both see the same pixels.
  private static func decode(_ path: String, _ count: Int) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(filePath: try #require(ffmpeg))
    process.arguments = [
      "-v", "error", "-i", path, "-frames:v", "\(count)", "-f", "rawvideo", "-pix_fmt", "rgb24", "-",
    ]
    let pipe = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return [UInt8](data)
  }
}

/// 33 rows of x, y, z, visibility.
func rows(_ values: [Float]) -> [[Float]] {
  stride(from: 0, to: values.count, by: 4).map { Array(values[$0..<$0 + 4]) }
}
