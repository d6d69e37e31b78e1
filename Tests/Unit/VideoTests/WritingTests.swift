import Foundation
import SentryImaging
import SentryVideo
import Testing

@Suite struct WritingTests {
  static func picture(_ width: Int, _ height: Int, _ level: UInt8) throws -> Image {
    try Image(width: width, height: height, channels: 3, pixels: [UInt8](repeating: level, count: width * height * 3))
  }

  static func inFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "sentry-written-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test(arguments: [[0, 0.04, 0.1, 0.5, 0.52], [3.25, 3.5, 10], [0.25]])
  func timesAreKept(times: [Double]) throws {
    try Self.inFolder { folder in
      let writer = try MovieWriter(folder + "/out.mp4")
      for (index, time) in times.enumerated() {
        try writer.append(Self.picture(32, 16, UInt8(20 * index)), seconds: time)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) != ["out.mp4"])
      try writer.finish()
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["out.mp4"])
      let frames = try TestVideos.frames(VideoSource(folder + "/out.mp4").open())
      #expect(frames.count == times.count)
      for (frame, time) in zip(frames, times) { #expect(abs(frame.seconds - time) < 1.0 / 90_000) }
      for (index, frame) in frames.enumerated() { #expect(abs(frame.image.mean - Double(20 * index)) < 4) }
    }
  }

  @Test func timesBelowZeroAreMoved() throws {
    try Self.inFolder { folder in
      let writer = try MovieWriter(folder + "/out.mp4")
      for time in [-0.5, 0, 1] { try writer.append(Self.picture(32, 16, 99), seconds: time) }
      try writer.finish()
      let times = try TestVideos.frames(VideoSource(folder + "/out.mp4").open()).map(\.seconds)
      #expect(zip(times, [0, 0.5, 1.5]).allSatisfy { abs($0 - $1) < 1e-4 } && times.count == 3)
    }
  }

  @Test func oddSidesGetOneMore() throws {
    try Self.inFolder { folder in
      let writer = try MovieWriter(folder + "/out.mp4")
      try writer.append(Self.picture(33, 17, 200), seconds: 0)
      try writer.finish()
      let image = try #require(try VideoSource(folder + "/out.mp4").open().next()).image
      #expect((image.width, image.height) == (34, 18))
      #expect(image.pixels.allSatisfy { abs(Int($0) - 200) < 6 })
    }
  }

  /// A later frame of another shape is shown whole.
  @Test func laterSizesAreFitted() throws {
    try Self.inFolder { folder in
      let writer = try MovieWriter(folder + "/out.mp4", quality: 10)
      try writer.append(Self.picture(64, 32, 0), seconds: 0)
      try writer.append(Self.picture(40, 40, 240), seconds: 1)
      try writer.finish()
      let image = try TestVideos.frames(VideoSource(folder + "/out.mp4").open())[1].image
      #expect((image.width, image.height) == (64, 32))
      func level(_ x: Int) -> UInt8 { image.pixels[(16 * 64 + x) * 3] }
      #expect(level(2) < 20 && level(61) < 20 && level(32) > 220)
    }
  }

  @Test func timesHaveToIncrease() throws {
    try Self.inFolder { folder in
      let writer = try MovieWriter(folder + "/out.mp4")
      try writer.append(Self.picture(32, 16, 9), seconds: 1)
      for time in [1, 0.5, .nan] {
        let error = #expect(throws: VideoError.self) { try writer.append(Self.picture(32, 16, 9), seconds: time) }
        #expect(error?.code == .invalidArgument)
      }
      try writer.append(Self.picture(32, 16, 9), seconds: 2)
      try writer.finish()
      #expect(try TestVideos.frames(VideoSource(folder + "/out.mp4").open()).count == 2)
    }
  }

  @Test func anUnfinishedFileLeavesNothing() throws {
    try Self.inFolder { folder in
      do {
        let writer = try MovieWriter(folder + "/out.mp4")
        try writer.append(Self.picture(32, 16, 9), seconds: 1)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
      let empty = try MovieWriter(folder + "/out.mp4")
      #expect(throws: VideoError.self) { try empty.finish() }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  @Test func whatCannotBeWrittenIsTold() throws {
    #expect(throws: VideoError.self) { try MovieWriter("/nowhere/out.mp4") }
    let error = #expect(throws: VideoError.self) { try MovieWriter("/tmp/out.gif") }
    #expect(error?.code == .invalidArgument)
  }

  /// A limit on the size of files stands for a full disk: both fail a write. It holds for a whole process, so it is another's.
  @Test func aFullDiskIsTold() async throws {
    await #expect(processExitsWith: .success) {
      try WritingTests.inFolder { folder in
        try Data("older".utf8).write(to: URL(fileURLWithPath: folder + "/out.mp4"))
        signal(SIGXFSZ, SIG_IGN)
        let fileSize = __rlimit_resource_t(1)
        var limit = rlimit()
        getrlimit(fileSize, &limit)
        limit.rlim_cur = 64 << 10
        setrlimit(fileSize, &limit)
        let error = try #require(throws: VideoError.self) {
          let writer = try MovieWriter(folder + "/out.mp4", quality: 0)
          for index in 0..<60 {
            let pixels = (0..<128 * 96 * 3).map { _ in UInt8.random(in: 0...255) }
            try writer.append(Image(width: 128, height: 96, channels: 3, pixels: pixels), seconds: Double(index) / 25)
          }
          try writer.finish()
        }
        #expect(error.code == .cannotWrite)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["out.mp4"])
        #expect(try String(contentsOfFile: folder + "/out.mp4", encoding: .utf8) == "older")
      }
    }
  }
}
