import CSentryPlugin
import SentryPluginAPI
import SentryThreads

/// How a long piece of work over many items goes, told to whoever shows it.
package struct WorkProgress: Sendable {
  /// What is done, how much of it, and of how many.
  package var update: @Sendable (_ what: String, _ done: Int, _ total: Int) -> Void
  /// The work has ended: what was shown of it may go.
  package var end: @Sendable () -> Void

  package init(
    update: @escaping @Sendable (_ what: String, _ done: Int, _ total: Int) -> Void, end: @escaping @Sendable () -> Void
  ) {
    (self.update, self.end) = (update, end)
  }
}

/// Works through many items on the host's pool, with progress, and stops when the user asks.
enum ParallelReading {
  private static let chunk = 1024

  /// `body` is called once for each index, from several threads at once.
  static func map<Result: Sendable>(
    _ count: Int, _ what: String, progress: WorkProgress, _ body: @Sendable (Int) -> Result
  ) throws -> [Result] {
    var results: [Result] = []
    results.reserveCapacity(count)
    for first in stride(from: 0, to: count, by: chunk) {
      let size = min(chunk, count - first)
      var part = [Result?](repeating: nil, count: size)
      part.withUnsafeMutableBufferPointer { part in
        let slots = Slots(pointer: part)
        if let executor = HostState.shared.executor {
          executor.run(size) { index, _ in slots.pointer[index] = body(first + index) }
        } else {
          for index in 0..<size { slots.pointer[index] = body(first + index) }
        }
      }
      results += part.compactMap(\.self)
      if HostState.shared.isCancelled { throw PluginError("cancelled", code: SENTRY_CANCELLED) }
      progress.update(what, first + size, count)
    }
    progress.end()
    return results
  }

  /// Each index is written by one thread.
  private struct Slots<Result>: @unchecked Sendable {
    let pointer: UnsafeMutableBufferPointer<Result?>
  }
}
