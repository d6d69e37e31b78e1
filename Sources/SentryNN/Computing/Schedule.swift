import SentryThreads
import Synchronization

/// How the parts of a piece of work are given to threads.
public enum Schedule: String, Sendable, CaseIterable {
  /// Each thread has its own parts: sums are added up in the same order in every run, so two runs give the same bytes.
  case fixed = "static"
  /// A thread that is done takes the next part: better where other programs slow single threads down, but what the
  /// threads add up differs from run to run.
  case dynamic

  func run(_ count: Int, on executor: any ParallelExecutor, _ body: (_ index: Int, _ thread: Int) -> Void) {
    switch self {
    case .fixed: executor.run(count, body)
    case .dynamic:
      let next = Atomic<Int>(0)
      executor.run(executor.threadCount) { _, thread in
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < count else { return }
          body(index, thread)
        }
      }
    }
  }
}
