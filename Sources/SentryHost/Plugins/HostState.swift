import SentryThreads
import Synchronization

/// What the services of the border draw on: one for the process.
final class HostState: Sendable {
  static let shared = HostState()

  private struct Values {
    var seed: UInt64 = 42
    var executor: (any ParallelExecutor)?
    var metrics: [String: Double] = [:]
  }
  private let values = Mutex(Values())
  private let cancelled = Atomic(false)

  /// The seed that random streams derive from; set before any component is made.
  var seed: UInt64 {
    get { values.withLock { $0.seed } }
    set { values.withLock { $0.seed = newValue } }
  }

  /// The one pool of compute threads; set before any component is made.
  var executor: (any ParallelExecutor)? {
    get { values.withLock { $0.executor } }
    set { values.withLock { $0.executor = newValue } }
  }

  /// Starts the pool; 0 threads means one for each CPU core.
  func startExecutor(threads: Int) throws {
    executor = try ThreadPool(threadCount: threads > 0 ? threads : Machine.coreCount)
  }

  /// Whether the user asked to stop. Safe to set from a signal handler.
  var isCancelled: Bool {
    get { cancelled.load(ordering: .relaxed) }
    set { cancelled.store(newValue, ordering: .relaxed) }
  }

  func record(metric name: String, _ value: Double) { values.withLock { $0.metrics[name] = value } }

  /// The metrics that components reported since the last call.
  func takeMetrics() -> [String: Double] {
    values.withLock { values in
      defer { values.metrics = [:] }
      return values.metrics
    }
  }
}
