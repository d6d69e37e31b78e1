import CSentryPlugin
import Synchronization
import Testing

@testable import SentryPluginAPI

/// Two frames, and what was written, drawn and shown.
private final class Reel: CameraListing, VideoWriting, PictureEditing, WindowShowing, Sendable {
  let written = Mutex<[String]>([])

  func open(_ source: String) throws -> any VideoReader {
    guard source != "none" else { throw PluginError.badData("none: there is nothing", hint: "give a file") }
    return Frames()
  }
  func cameras() throws -> CameraList {
    CameraList(
      cameras: [.init(source: "0", name: "Lid", path: "/dev/video0", problem: "it is busy")], notes: ["one"])
  }
  func create(_ path: String, rate: Double) throws -> any VideoWriter { Writer(reel: self, name: "\(path) \(rate)") }
  func cut(_ region: ImageRegion, from image: Tensor) throws -> Tensor {
    Tensor([Int(region.height), Int(region.width), 3], .uint8)
  }
  func draw(_ marks: [ImageMark], on image: Tensor) throws {
    try image.elements(as: UInt8.self)[0] = marks.first?.colour.first ?? 0
  }
  func jpeg(of image: Tensor, quality: Int) throws -> Tensor { Tensor([1], [UInt8(quality)]) }
  func show(_ image: Tensor, title: String, waiting seconds: Double) throws -> WindowKey {
    switch title {
    case "key": .character("q")
    case "closed": .closed
    default: .none
    }
  }

  final class Frames: VideoReader {
    let specification = VideoSpecification(width: 2, height: 1, rate: 25, duration: nil, frames: 2, rotation: 90)
    private var given = 0
    func next() throws -> VideoFrame? {
      guard given < 2 else { return nil }
      defer { given += 1 }
      return VideoFrame(image: Tensor([1, 2, 3], .uint8), time: Double(given) - 0.5, index: given)
    }
    var notes: [String] { ["\(given) given"] }
  }

  final class Writer: VideoWriter {
    private let (reel, name): (Reel, String)
    init(reel: Reel, name: String) { (self.reel, self.name) = (reel, name) }
    func write(_ image: Tensor, at time: Double) throws {
      reel.written.withLock { $0.append("\(name) \(image.shape) \(time)") }
    }
    func finish() throws { reel.written.withLock { $0.append("\(name) finished") } }
  }
}

private struct Reading: VideoBackend {
  func open(_ source: String) throws -> any VideoReader { Reel.Frames() }
}

@Suite struct VideoCrossingTests {
  private let image = Tensor([4, 5, 3], .uint8)

  @Test func framesCross() throws {
    let there = try ImportedVideoBackend(adopting: export(Reel() as any VideoBackend))
    let reader = try there.open("any")
    #expect(reader.specification == Reel.Frames().specification)
    let frames = [try reader.next(), try reader.next(), try reader.next()]
    #expect(frames.map { $0?.time } == [-0.5, 0.5, nil] && frames.map { $0?.index } == [0, 1, nil])
    #expect(frames[0]?.image.shape == [1, 2, 3] && reader.notes == ["2 given"])
    let error = #expect(throws: PluginError.self) { try there.open("none") }
    #expect(error?.code == SENTRY_BAD_DATA && error?.hint == "give a file")
  }

  @Test func abilitiesCross() throws {
    let reel = Reel()
    let there = try ImportedVideoBackend(adopting: export(reel as any VideoBackend))
    #expect(try there.cameras() == reel.cameras())
    let writer = try there.create("out.mp4", rate: 12.5)
    try writer.write(image, at: 1)
    try writer.finish()
    #expect(reel.written.withLock { $0 } == ["out.mp4 12.5 [4, 5, 3] 1.0", "out.mp4 12.5 finished"])
    #expect(try there.cut(ImageRegion(x: 1, y: 1, width: 3, height: 2), from: image).shape == [2, 3, 3])
    try there.draw([ImageMark(.text, at: [0, 0], colour: [9, 8, 7], text: "é")], on: image)
    #expect(try image.array(of: UInt8.self)[0] == 9)
    #expect(try there.jpeg(of: image, quality: 80).array(of: UInt8.self) == [80])
    #expect(try there.show(image, title: "key", waiting: 0) == .character("q"))
    #expect(try there.show(image, title: "closed", waiting: 0) == .closed)
    #expect(try there.show(image, title: "", waiting: 0) == .none)
  }

  @Test func whatABackendCannotDoIsSaid() throws {
    let there = try ImportedVideoBackend(adopting: export(Reading() as any VideoBackend))
    for attempt in [
      { _ = try there.cameras() }, { _ = try there.create("x", rate: 1) },
      { _ = try there.jpeg(of: image, quality: 1) },
      { _ = try there.show(image, title: "", waiting: 0) },
    ] {
      let error = #expect(throws: PluginError.self) { try attempt() }
      #expect(error?.code == SENTRY_UNSUPPORTED)
    }
  }
}
