import SentryPluginAPI
import Synchronization
import Testing

@testable import SentryInference

/// Gives frames, and says how many it gave.
private final class Counted: VideoReader, Sendable {
  let specification: VideoSpecification
  private let count: Int
  private let fails: Bool
  let given = Mutex(0)

  init(_ count: Int, live: Bool = false, fails: Bool = false) {
    specification = VideoSpecification(width: 1, height: 1, live: live)
    (self.count, self.fails) = (count, fails)
  }

  func next() throws -> VideoFrame? {
    let index = given.withLock { given in
      defer { given += 1 }
      return given
    }
    guard index < count else {
      if fails { throw PluginError.badData("broken at \(index)") }
      return nil
    }
    return VideoFrame(image: Tensor([1, 1, 3], .uint8), time: Double(index), index: index)
  }

  var notes: [String] { ["\(given.withLock { $0 }) asked"] }
}

@Suite struct FrameStreamTests {
  @Test func everyFrameOfAFileComesInOrder() throws {
    let stream = try FrameStream(Counted(20))
    var seen: [Int] = []
    while let frame = try stream.next() { seen.append(frame.index) }
    #expect(seen == Array(0..<20) && stream.lostFrames == 0)
    #expect(try stream.next() == nil)
    stream.stop()
    #expect(stream.notes == ["21 asked"])
  }

  @Test func aFileIsNotReadFarAhead() throws {
    let reader = Counted(1000)
    let stream = try FrameStream(reader)
    _ = try stream.next()
    stream.stop()
    #expect(reader.given.withLock { $0 } <= 6)
  }

  @Test func ofALiveSourceTheNewestFrameCounts() throws {
    let reader = Counted(50, live: true)
    let stream = try FrameStream(reader)
    while reader.given.withLock({ $0 }) <= 50 {}
    stream.stop()
    #expect(try stream.next()?.index == 49)
    #expect(stream.lostFrames == 49)
    #expect(try stream.next() == nil)
  }

  @Test func anErrorComesAfterTheFramesBeforeIt() throws {
    let stream = try FrameStream(Counted(2, fails: true))
    #expect(try stream.next()?.index == 0 && stream.next()?.index == 1)
    let error = #expect(throws: PluginError.self) { try stream.next() }
    #expect(error?.message == "broken at 2")
  }

  /// What the models are at, what waits, and what the caller has: memory does not grow.
  @Test func aStageIsOneElementAhead() throws {
    let made = Mutex(0)
    let queue = try AheadQueue("test-stage", room: 1) { () -> Int? in
      made.withLock { made in
        made += 1
        return made
      }
    }
    for expected in 1...100 {
      #expect(try queue.next() == expected)
      #expect(made.withLock { $0 } <= expected + 2)
    }
    queue.stop()
    // One that waited is still given.
    #expect(try queue.next() == 101)
  }
}
