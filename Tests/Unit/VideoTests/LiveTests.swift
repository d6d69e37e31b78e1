import Foundation
@testable import SentryVideo
import Synchronization
import Testing

@Suite struct LiveTests {
  /// Frames of 25 a second; each takes three times as long to work on as it lasts.
  @Test func aLateFrameIsLeftOut() {
    let clock = Mutex(100.0)
    var pace = Pace { clock.withLock { $0 } }
    var shown: [Int] = []
    for index in 0..<30 {
      let seconds = Double(index) / 25
      // A frame cannot be had before it comes.
      let waited = clock.withLock { now in
        defer { now = max(now, 100 + seconds) }
        return max(0, 100 + seconds - now)
      }
      if pace.isLate(seconds, waited: waited) { continue }
      shown.append(index)
      clock.withLock { $0 += 3.0 / 25 }
    }
    #expect(shown.count < 15 && shown.count > 8)
    #expect(pace.skipped == 30 - shown.count)
  }

  @Test func aPromptReaderGetsEveryFrame() {
    let clock = Mutex(0.0)
    var pace = Pace { clock.withLock { $0 } }
    for index in 0..<30 {
      clock.withLock { $0 = Double(index) / 25 + 7 }
      let isLate = pace.isLate(Double(index) / 25, waited: 0.03)
      #expect(!isLate)
    }
  }

  /// The source's clock loses a tenth: its frames look later and later.
  @Test func clocksMayRunApart() {
    let clock = Mutex(0.0)
    var pace = Pace { clock.withLock { $0 } }
    for index in 0..<300 {
      clock.withLock { $0 = Double(index) / 25 }
      let isLate = pace.isLate(Double(index) / 25 * 0.9, waited: 0.03)
      #expect(!isLate)
    }
  }

  /// A server that takes the connection and says nothing.
  @Test func aSilentServerEndsInAnError() throws {
    let (listener, port) = try silentServer()
    defer { close(listener) }
    var options = ReadingOptions()
    options.timeout = 0.5
    for scheme in ["rtsp", "http"] {
      let error = try #require(throws: VideoError.self) {
        _ = try VideoSource("\(scheme)://127.0.0.1:\(port)/live").open(options)
      }
      #expect(error.code == .timeout)
    }
  }

  @Test func cancellingEndsTheWait() throws {
    let (listener, port) = try silentServer()
    defer { close(listener) }
    var options = ReadingOptions()
    options.timeout = 600
    options.isCancelled = { true }
    let error = try #require(throws: VideoError.self) {
      _ = try VideoSource("rtsp://127.0.0.1:\(port)/live").open(options)
    }
    #expect(error.code == .cancelled)
  }

  @Test func nobodyListening() throws {
    let error = try #require(throws: VideoError.self) { _ = try VideoSource("http://127.0.0.1:1/a.mp4").open() }
    #expect(error.code == .unreadable)
  }

  private func silentServer() throws -> (listener: Int32, port: UInt16) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    try withUnsafeMutablePointer(to: &address) {
      try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        try #require(bind(listener, $0, length) == 0 && listen(listener, 8) == 0)
        try #require(getsockname(listener, $0, &length) == 0)
      }
    }
    return (listener, UInt16(bigEndian: address.sin_port))
  }
}
