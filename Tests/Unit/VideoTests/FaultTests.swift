import Foundation
import SentryVideo
import Testing

@Suite struct FaultTests {
  @Test(arguments: [
    ("zero.mp4", VideoError.Code.empty), ("text.mp4", .unknownFormat), ("audio-only.mp4", .noVideo),
    ("no-index.mp4", .truncated), ("no-pictures", .noPictures), ("absent.mp4", .unreadable), ("*.absent", .noPictures),
  ])
  func aBadSourceIsNamed(name: String, code: VideoError.Code) throws {
    let error = try TestVideos.failure(name)
    #expect(error.code == code)
    #expect(error.place == TestVideos.path(name))
    #expect(!error.hint.isEmpty)
  }

  @Test func soundAloneIsCounted() throws {
    #expect(try TestVideos.failure("audio-only.mp4").reason == "has no video: 1 stream of sound or other data")
  }

  @Test(arguments: ["truncated.mp4", "truncated.mkv", "truncated.avi"])
  func aFileThatEndsEarlyIsReadAndTold(name: String) throws {
    let reader = try TestVideos.open(name)
    #expect(try TestVideos.frames(reader).count > 10)
    #expect(reader.report.truncation != nil)
  }

  @Test(arguments: [
    "cfr.mp4", "vfr.mp4", "bframes.mp4", "offset.ts", "motion.avi", "sound.mp4", "ten-bit.mkv", "raw.h264",
  ])
  func aWholeFileHasNoFaults(name: String) throws {
    let reader = try TestVideos.open(name)
    _ = try TestVideos.frames(reader)
    let report = reader.report
    #expect(report.truncation == nil && report.undecodable == 0 && report.concealed == 0 && report.firstFault == nil)
  }

  @Test func damageIsCountedAndTheRestIsRead() throws {
    let reader = try TestVideos.open("damaged.mkv")
    #expect(try TestVideos.frames(reader).count > 50)
    #expect(reader.report.undecodable + reader.report.concealed > 0)
  }

  @Test func aTextIsNoVideoWhateverItsName() throws {
    let path = TestVideos.path("terminal.txt")
    try Data("nothing to see\n".utf8).write(to: URL(fileURLWithPath: path))
    #expect(try TestVideos.failure("terminal.txt").code == .unknownFormat)
  }

  @Test func aListOfOtherFilesIsNotFollowed() throws {
    _ = TestVideos.path("cfr.mp4")
    try Data("ffconcat version 1.0\nfile cfr.mp4\n".utf8).write(to: URL(fileURLWithPath: TestVideos.path("list.mp4")))
    let error = try TestVideos.failure("list.mp4")
    #expect(error.code == .unknownFormat && error.reason.contains("a list of other files"), "\(error.reason)")
  }

  @Test(arguments: ["no-index.mp4", "text.mp4"]) func reasonsNameNoAddressOfMemory(name: String) throws {
    let reason = try TestVideos.failure(name).reason
    #expect(!reason.contains("0x"), "\(reason)")
  }

  @Test(arguments: ["ftp://host/a.mp4", "file:///etc/passwd", "concat://a"])
  func otherAddressesAreRefused(address: String) throws {
    #expect(throws: VideoError.self) { try VideoSource(address) }
  }

  /// FFmpeg would take what stands before the colon for a protocol.
  @Test func aNameMayHaveAColon() throws {
    let path = TestVideos.path("concat:a.mp4")
    try FileManager.default.copyItem(atPath: TestVideos.path("cfr.mp4"), toPath: path)
    #expect(try TestVideos.frames(VideoSource(path).open()).count == 25)
  }

  @Test func reasonsNameNoPassword() throws {
    let error = try #require(throws: VideoError.self) {
      _ = try VideoSource("rtsp://me:secret@127.0.0.1:1/live").open()
    }
    #expect(!error.description.contains("secret"))
  }
}
