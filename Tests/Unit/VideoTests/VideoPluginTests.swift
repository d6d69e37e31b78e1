import Foundation
import SentryImaging
import SentryPluginAPI
import SentryVideo
import Testing

@testable import VideoFFmpeg

/// The adapters, without the border between.
@Suite struct VideoPluginTests {
  private static func picture(_ width: Int, _ height: Int) -> Tensor {
    Tensor([height, width, 3], (0..<width * height * 3).map { UInt8($0 % 251) })
  }

  @Test func aRectangleOnThePixelsIsCopied() throws {
    let image = Self.picture(20, 10)
    let cut = try Pictures.cut(ImageRegion(x: 8, y: 5, width: 4, height: 6), from: image)
    #expect(cut.shape == [6, 4, 3])
    let (whole, part) = (try image.array(of: UInt8.self), try cut.array(of: UInt8.self))
    for row in 0..<6 {
      let start = ((2 + row) * 20 + 6) * 3
      #expect(Array(part[row * 12..<(row + 1) * 12]) == Array(whole[start..<start + 12]))
    }
  }

  /// A quarter turn clockwise of the region: its right is the picture's below.
  /// The source is no culprit, and there is nothing to do about it.
  @Test func whatTheUserStopsIsNoFaultOfTheSource() throws {
    var options = ReadingOptions()
    options.isCancelled = { true }
    for name in ["cfr.mp4", "pictures"] {
      let error = try #require(throws: PluginError.self) {
        try mappingVideoErrors { _ = try TestVideos.frames(TestVideos.open(name, options)) }
      }
      #expect(
        error.message == "stopped by the user" && error.hint == nil && error.code == VideoError.Code.cancelled.ofBorder)
    }
  }

  @Test func aRectangleIsTurnedUpright() throws {
    let image = Self.picture(20, 20)
    let cut = try Pictures.cut(
      ImageRegion(x: 10, y: 10, width: 6, height: 4, rotation: .pi / 2), from: image)
    let (whole, part) = (try image.array(of: UInt8.self), try cut.array(of: UInt8.self))
    for row in 0..<4 {
      for column in 0..<6 {
        let (x, y) = (11 - row, 7 + column)
        #expect(part[(row * 6 + column) * 3] == whole[(y * 20 + x) * 3])
      }
    }
  }

  @Test func beyondTheImageItsEdgeGoesOn() throws {
    let image = Self.picture(8, 8)
    let cut = try Pictures.cut(ImageRegion(x: -10, y: 0.5, width: 3, height: 1), from: image)
    let first = try image.array(of: UInt8.self).prefix(3)
    #expect(try cut.array(of: UInt8.self) == [UInt8]([first, first, first].joined()))
  }

  /// The longest captions of a preview in the upright video of a phone: nothing is cut at the right edge.
  @Test(arguments: ["frame 99999, 3333.300 s", "choosing whom to follow"], [360, 1080])
  func captionsFitInAnUprightVideo(text: String, width: Int) throws {
    let image = Tensor([width * 16 / 9, width, 3], .uint8)
    try Pictures.draw([ImageMark(.text, at: [0.01, 0.01], colour: [255, 255, 255], text: text)], on: image)
    let columns = try image.array(of: UInt8.self).enumerated().filter { $1 > 0 }.map { $0.offset / 3 % width }
    let last = try #require(columns.max())
    #expect(last < width - 2 && last > width / 4, "column \(last) of \(width)")
  }

  @Test func marksAreDrawnInPlace() throws {
    let image = Tensor([100, 200, 3], .uint8)
    try Pictures.draw(
      [
        ImageMark(.box, at: [0.1, 0.1, 0.5, 0.5], colour: [255, 0, 0]),
        ImageMark(.line, at: [0, 0.9, 1, 0.9], colour: [0, 255, 0]),
        ImageMark(.point, at: [0.9, 0.5], colour: [0, 0, 255]),
        ImageMark(.text, at: [0.2, 0.2], colour: [255, 255, 255], text: "怒"),
        ImageMark(.bar, at: [0.65, 0.05, 0.3, 0.1], colour: [9, 9, 200], text: "fear", value: 0.5),
      ], on: image)
    let pixels = try image.array(of: UInt8.self)
    func colour(_ x: Int, _ y: Int) -> [UInt8] { Array(pixels[(y * 200 + x) * 3..<(y * 200 + x) * 3 + 3]) }
    #expect(colour(20, 10) == [255, 0, 0])
    #expect(colour(100, 90)[1] > 100)
    #expect(colour(179, 49)[2] > 100)
    #expect(throws: PluginError.self) {
      try Pictures.draw([ImageMark(.box, at: [0], colour: [1, 2, 3])], on: image)
    }
    #expect(throws: PluginError.self) { try Pictures.draw([], on: Tensor([2, 2, 4], .uint8)) }
  }

  @Test func aJPEGCanBeDecoded() throws {
    let file = try Pictures.jpeg(of: Tensor([16, 24, 3], [UInt8](repeating: 77, count: 16 * 24 * 3)), quality: 90)
    let image = try Image.decode(file.array(of: UInt8.self), name: "jpeg")
    #expect((image.width, image.height) == (24, 16))
    #expect(image.pixels.allSatisfy { abs(Int($0) - 77) <= 2 })
    #expect(throws: PluginError.self) { try Pictures.jpeg(of: Tensor([2, 2, 3], .uint8), quality: 1000) }
  }

  @Test func scores() {
    #expect(FFmpegVideo.score(TestVideos.path("cfr.mp4")) > FFmpegVideo.score(TestVideos.path("cfr.mp4.rgb")))
    #expect(FFmpegVideo.score("/nowhere/a.mp4") == 0)
    #expect(FFmpegVideo.score("0") > 0)
  }
}
