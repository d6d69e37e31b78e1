import Foundation
import Synchronization

/// What a browser receives for one frame.
struct FrameUpdate: Sendable {
  /// Counts up from 1.
  var number = 0
  /// JSON.
  var text: String
  /// A file.
  var jpeg: [UInt8]

  /// A message of the web socket: the length of the JSON (32 bits, most significant byte first), the JSON, the JPEG file.
  var message: Data {
    let text = Array(text.utf8)
    var data = Data(capacity: 4 + text.count + jpeg.count)
    for shift in [24, 16, 8, 0] { data.append(UInt8(truncatingIfNeeded: text.count >> shift)) }
    data.append(contentsOf: text)
    data.append(contentsOf: jpeg)
    return data
  }
}

/// The newest frame, for any number of viewers. Each gets the newest whenever it is ready for one, so a slow viewer misses frames and
/// holds nobody.
final class FrameChannel: Sendable {
  private struct State {
    var newest: FrameUpdate?
    var count = 0
    var viewers = 0
    var keepsNewest = false
    var isFinished = false
    var waiting: [Int: CheckedContinuation<FrameUpdate?, Never>] = [:]
    var tickets = 0
  }
  private let state = Mutex(State())

  /// Whether somebody would see a frame.
  var isWatched: Bool { state.withLock { $0.viewers > 0 } }

  func join() { state.withLock { $0.viewers += 1 } }

  /// When the last viewer leaves, the picture goes too: the next one is not greeted with an old picture.
  func leave() {
    state.withLock { state in
      state.viewers -= 1
      if state.viewers == 0 && !state.keepsNewest { state.newest = nil }
    }
  }

  /// - Parameter isLast: it stays for viewers who come later.
  func publish(text: String, jpeg: [UInt8], isLast: Bool = false) {
    let (update, waiting) = state.withLock { state in
      state.count += 1
      let update = FrameUpdate(number: state.count, text: text, jpeg: jpeg)
      state.newest = update
      state.keepsNewest = isLast
      defer { state.waiting = [:] }
      return (update, state.waiting)
    }
    for viewer in waiting.values { viewer.resume(returning: update) }
  }

  /// The newest frame, as soon as it is a later one than the frame of this number; nil after ``finish()`` and for a cancelled task.
  func next(after number: Int) async -> FrameUpdate? {
    let ticket = state.withLock { state in
      state.tickets += 1
      return state.tickets
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer = state.withLock { state -> FrameUpdate?? in
          if state.isFinished || Task.isCancelled { return .some(nil) }
          if let newest = state.newest, newest.number > number { return newest }
          state.waiting[ticket] = continuation
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume(returning: nil)
    }
  }

  /// Sends all viewers away.
  func finish() {
    let waiting = state.withLock { state in
      state.isFinished = true
      defer { state.waiting = [:] }
      return state.waiting
    }
    for viewer in waiting.values { viewer.resume(returning: nil) }
  }
}
