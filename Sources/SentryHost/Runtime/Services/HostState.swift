import SentryThreads
import Synchronization

/// What the services of the border draw on: one for the process.
package final class HostState: Sendable {
  package static let shared = HostState()

  private struct Values {
    var seed: UInt64 = 42
    var executor: (any ParallelExecutor)?
    var metrics: [String: Double] = [:]
    var world = World.alone
  }
  private let values = Mutex(Values())
  private let cancelled = Atomic(false)

  /// The seed that random streams derive from; set before any component is made.
  package var seed: UInt64 {
    get { values.withLock { $0.seed } }
    set { values.withLock { $0.seed = newValue } }
  }

  /// The processes that train together with this one; set before any component of the run is made.
  package var world: World {
    get { values.withLock { $0.world } }
    set { values.withLock { $0.world = newValue } }
  }

  /// The one pool of compute threads; set before any component is made.
  package var executor: (any ParallelExecutor)? {
    get { values.withLock { $0.executor } }
    set { values.withLock { $0.executor = newValue } }
  }

  /// Starts the pool; 0 threads means one for each CPU core, of those of this machine's that are this process's share.
  package func startExecutor(threads: Int) throws {
    executor = try ThreadPool(threadCount: threads > 0 ? threads : world.coreShare)
  }

  /// Whether the user asked to stop. Safe to set from a signal handler.
  package var isCancelled: Bool {
    get { cancelled.load(ordering: .relaxed) }
    set { cancelled.store(newValue, ordering: .relaxed) }
  }

  package func record(metric name: String, _ value: Double) { values.withLock { $0.metrics[name] = value } }

  /// The metrics that components reported since the last call.
  package func takeMetrics() -> [String: Double] {
    values.withLock { values in
      defer { values.metrics = [:] }
      return values.metrics
    }
  }
}
