import Foundation
import SentryVideo
import Testing

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

  /// The white rectangle of the stored picture's upper left goes where the display matrix turns it.
  @Test(arguments: [
    ("upright.mp4", 0, 0), ("rotated90.mp4", 47, 0), ("rotated180.mp4", 63, 47), ("rotated270.mp4", 0, 63),
  ])
  func framesAreUpright(name: String, x: Int, y: Int) throws {
    let image = try #require(try TestVideos.open(name).next()).image
    func brightness(_ x: Int, _ y: Int) -> Int { Int(image.pixels[(y * image.width + x) * 3]) }
    for (cornerX, cornerY) in [
      (0, 0), (image.width - 1, 0), (0, image.height - 1), (image.width - 1, image.height - 1),
    ] {
      #expect((brightness(cornerX, cornerY) > 200) == ((cornerX, cornerY) == (x, y)), "(\(cornerX), \(cornerY))")
    }
  }

  @Test(arguments: ["cfr", "ten-bit"])
  func pixelsAreThoseOfTheToolFFmpeg(name: String) throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: TestVideos.path("\(name).rgb")))
    let file = name == "cfr" ? "cfr.mp4" : "ten-bit.mkv"
    let image = try #require(try TestVideos.open(file).next()).image
    let differences = zip(image.pixels, bytes).map { abs(Int($0) - Int($1)) }
    #expect(differences.count == bytes.count)
    #expect(differences.max() ?? 255 <= 1)
  }

  @Test func aSourceSaysWhatItIs() throws {
    let description = try TestVideos.open("rotated90.mp4").description
    #expect((description.width, description.height) == (48, 64))
    #expect((description.kind, description.frames, description.rate, description.isLive) == (.file, 5, 25, false))
  }
}
