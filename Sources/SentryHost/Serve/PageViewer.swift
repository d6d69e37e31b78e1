import FlyingFox

/// The web socket of one page. The page answers each frame when it has shown it, and gets the next one then.
struct PageViewer: WSMessageHandler {
  let channel: FrameChannel

  func makeMessages(for client: AsyncStream<WSMessage>) async throws -> AsyncStream<WSMessage> {
    AsyncStream { [channel] continuation in
      let task = Task {
        channel.join()
        defer { channel.leave() }
        var (answers, shown) = (client.makeAsyncIterator(), 0)
        while let update = await channel.next(after: shown) {
          shown = update.number
          continuation.yield(.data(update.message))
          guard await answers.next() != nil else { break }
        }
        continuation.finish()
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }
}
