import Foundation
import SentryImaging
import Testing

@testable import SentryVideo

@Suite struct ReadingTests {
  /// As many frames as ffprobe sees, each with the time and size that ffprobe shows.
  @Test(arguments: [
    "cfr.mp4", "vfr.mp4", "bframes.mp4", "rotated90.mp4", "rotated180.mp4", "rotated270.mp4", "one-frame.mp4",
    "no-person.mp4", "negative.ts", "offset.ts", "motion.avi", "ten-bit.mkv", "sound.mp4", "size-changing.ts",
    "truncated.mp4", "truncated.mkv", "truncated.ts", "truncated.avi", "damaged.mkv", "raw.h264",
  ])
  func framesAndTimesAreFFprobes(name: String) throws {
    let truth = try TestVideos.truth(name)
    try #require(!truth.times.isEmpty)
    let frames = try TestVideos.frames(TestVideos.open(name))
    #expect(frames.count == truth.times.count)
    #expect(frames.map(\.index) == Array(frames.indices))
    for (frame, time) in zip(frames, truth.times) {
      if let time { #expect(abs(frame.seconds - time) < 1e-6, "frame \(frame.index)") }
    }
    let isSideways = name == "rotated90.mp4" || name == "rotated270.mp4"
    #expect(
      frames.map { [$0.image.width, $0.image.height] } == truth.sizes.map { isSideways ? $0.reversed() : $0 })
  }

  @Test func aSizeThatChangesIsPassedOn() throws {
    let frames = try TestVideos.frames(TestVideos.open("size-changing.ts"))
    #expect(Set(frames.map(\.image.width)) == [64, 96])
  }

  @Test func negativeStampsStayNegative() throws {
    let frame = try #require(try TestVideos.open("negative.ts").next())
    #expect(frame.seconds < -0.5)
  }

  @Test func framesWithoutTimesAreOneFrameApart() throws {
    let reader = try TestVideos.open("raw.h264")
    let frames = try TestVideos.frames(reader)
    #expect(reader.report.untimed == frames.count)
    for (frame, next) in zip(frames, frames.dropFirst()) { #expect(abs(next.seconds - frame.seconds - 0.04) < 1e-9) }
  }

  /// With the colours that the video states, and upright.
  @Test(arguments: ["cfr.mp4", "ten-bit.mkv", "rotated90.mp4", "rotated180.mp4", "rotated270.mp4"])
  func pixelsAreThoseOfTheToolFFmpeg(name: String) throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: TestVideos.path("\(name).rgb")))
    let image = try #require(try TestVideos.open(name).next()).image
    let differences = zip(image.pixels, bytes).map { abs(Int($0) - Int($1)) }
    #expect(differences.count == bytes.count)
    #expect(differences.max() ?? 255 <= 1)
  }

  /// All quarter turns and mirrored ones: a stored pixel (x, y) is shown at (a x + c y, b x + d y) of the matrix.
  @Test(arguments: [
    (1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0), (-1, 0, 0, 1), (0, -1, -1, 0), (1, 0, 0, -1),
    (0, 1, 1, 0),
  ])
  func displayMatrices(a: Int, b: Int, c: Int, d: Int) throws {
    let matrix: [Int32] = [Int32(a) << 16, Int32(b) << 16, 0, Int32(c) << 16, Int32(d) << 16, 0, 0, 0, 1 << 30]
    let orientation = matrix.withUnsafeBufferPointer { $0.baseAddress.map(Orientation.init(matrix:)) }
    let stored = try Image(width: 3, height: 2, channels: 1, pixels: [1, 2, 3, 4, 5, 6])
    let shown = try stored.turned(
      quarters: #require(orientation).quarterTurns, mirrored: #require(orientation).isMirrored)
    // Where the matrix goes below 0, the picture is moved back.
    let left = min(0, 2 * a) + min(0, c)
    let top = min(0, 2 * b) + min(0, d)
    #expect(orientation?.isSideways == (a == 0))
    for y in 0..<2 {
      for x in 0..<3 {
        let (toX, toY) = (a * x + c * y - left, b * x + d * y - top)
        #expect(shown.pixels[toY * shown.width + toX] == stored.pixels[y * 3 + x])
      }
    }
  }

  @Test func aSourceSaysWhatItIs() throws {
    let description = try TestVideos.open("rotated90.mp4").description
    #expect((description.width, description.height) == (48, 64))
    #expect((description.kind, description.frames, description.rate, description.isLive) == (.file, 5, 25, false))
  }
}
