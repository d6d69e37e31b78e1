import Foundation
import SentryImaging
import SentryVideo
import Testing

@Suite struct PictureTests {
  @Test func picturesComeInTheOrderOfTheirNumbers() throws {
    let source = try VideoSource(TestVideos.path("pictures"))
    guard case .pictures(let paths) = source else {
      Issue.record("no pictures: \(source)")
      return
    }
    #expect(paths.map { $0.split(separator: "/").last.map(String.init) } == (1...12).map { "frame\($0).jpg" })
    #expect(try VideoSource(TestVideos.path("pictures/frame*.jpg")) == source)
    let frames = try TestVideos.frames(source.open())
    #expect(frames.map(\.seconds) == (0..<12).map { Double($0) / 25 })
    #expect(try frames[4].image == Image.load(path: paths[4]))
  }

  @Test func aDamagedPictureIsToldAndKeepsItsPlace() throws {
    let folder = TestVideos.path("damaged-pictures")
    try? FileManager.default.copyItem(atPath: TestVideos.path("pictures"), toPath: folder)
    let third = URL(fileURLWithPath: folder + "/frame3.jpg")
    try Data(contentsOf: third).prefix(300).write(to: third)
    let reader = try VideoSource(folder).open()
    let frames = try TestVideos.frames(reader)
    #expect(frames.map(\.index) == [0, 1] + (3..<12))
    #expect(reader.report.undecodable == 1)
    #expect(reader.report.sentences.contains { $0.contains("frame3.jpg") })
  }

  @Test func aPictureIsASourceOfOneFrame() throws {
    let path = TestVideos.path("pictures/frame1.jpg")
    #expect(try TestVideos.frames(VideoSource(path).open()).count == 1)
    let bad = TestVideos.path("bad.jpg")
    try Data("no picture".utf8).write(to: URL(fileURLWithPath: bad))
    let error = try #require(throws: VideoError.self) { _ = try VideoSource(bad).open() }
    #expect(error.place == bad)
  }

  @Test(arguments: [(1, false), (2, false), (3, false), (0, true), (1, true)])
  func turning(quarters: Int, mirrored: Bool) throws {
    // 1 2 3
    // 4 5 6
    let image = try Image(width: 3, height: 2, channels: 1, pixels: [1, 2, 3, 4, 5, 6])
    let expected: [UInt8] =
      switch (quarters, mirrored) {
      case (1, false): [4, 1, 5, 2, 6, 3]
      case (2, false): [6, 5, 4, 3, 2, 1]
      case (3, false): [3, 6, 2, 5, 1, 4]
      case (0, true): [3, 2, 1, 6, 5, 4]
      default: [6, 3, 5, 2, 4, 1]
      }
    #expect(try image.turned(quarters: quarters, mirrored: mirrored).pixels == expected)
  }
}
