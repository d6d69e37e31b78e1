import Testing

@testable import SentryServe

@Suite struct FrameChannelTests {
  @Test func eachViewerGetsTheNewest() async {
    let channel = FrameChannel()
    for number in 1...5 { channel.publish(text: "\(number)", jpeg: []) }
    let first = await channel.next(after: 0)
    #expect(first?.number == 5 && first?.text == "5")
    let waiting = [1, 2].map { _ in Task { await channel.next(after: 5)?.text } }
    channel.publish(text: "six", jpeg: [])
    for viewer in waiting { #expect(await viewer.value == "six") }
    // Whoever is late misses frames and gets the newest.
    channel.publish(text: "seven", jpeg: [])
    #expect(await channel.next(after: 5)?.text == "seven")
  }

  @Test func theEndSendsEverybodyAway() async {
    let channel = FrameChannel()
    let viewers = (0..<3).map { _ in Task { await channel.next(after: 0) } }
    channel.finish()
    for viewer in viewers { #expect(await viewer.value == nil) }
    #expect(await channel.next(after: 0) == nil)
  }

  @Test func aCancelledViewerWaitsNoLonger() async {
    let channel = FrameChannel()
    for _ in 0..<100 {
      let viewer = Task { await channel.next(after: 0) }
      viewer.cancel()
      #expect(await viewer.value == nil)
    }
  }

  /// Pictures do not outlast those who look, but for the last one of a video.
  @Test func oldPicturesGo() async {
    let channel = FrameChannel()
    #expect(!channel.isWatched)
    channel.join()
    channel.join()
    channel.publish(text: "old", jpeg: [])
    channel.leave()
    #expect(channel.isWatched)
    channel.leave()
    #expect(!channel.isWatched)
    let viewer = Task { await channel.next(after: 0)?.text }
    channel.publish(text: "last", jpeg: [], isLast: true)
    #expect(await viewer.value == "last")
    channel.join()
    channel.leave()
    #expect(await channel.next(after: 0)?.text == "last")
  }

  @Test func aMessage() {
    let update = FrameUpdate(text: "{\"é\":1}", jpeg: [0xFF, 0xD8])
    #expect(Array(update.message) == [0, 0, 0, 8] + Array("{\"é\":1}".utf8) + [0xFF, 0xD8])
  }

  @Test func partsOfAStream() async throws {
    let channel = FrameChannel()
    var stream = MultipartStream(channel: channel).makeAsyncIterator()
    #expect(channel.isWatched)
    channel.publish(text: "", jpeg: [1, 2, 3])
    #expect(try await stream.nextBuffer(suggested: 1) == Array("--sentry-frame\r\n".utf8))
    let part = "Content-Type: image/jpeg\r\nContent-Length: 3\r\n\r\n\u{1}\u{2}\u{3}\r\n--sentry-frame\r\n"
    #expect(try await stream.nextBuffer(suggested: 1) == Array(part.utf8))
    channel.finish()
    #expect(try await stream.nextBuffer(suggested: 1) == nil)
  }
}
