/// Runs the parts of a piece of work on a fixed number of threads.
///
/// The host lends its one pool to plugins behind this protocol; tests and benchmarks use a ``ThreadPool`` directly.
public protocol ParallelExecutor: Sendable {
  /// The number of threads that take part, the calling one included.
  var threadCount: Int { get }

  /// Calls `body(index, thread)` once for every index below `count` and returns when all calls have returned.
  ///
  /// The split is static: thread `t` of `T` runs the indices `count·t/T ..< count·(t+1)/T` in order, so that sums which are
  /// kept per thread are the same in every run. `body` must not call `run` again.
  func run(_ count: Int, _ body: (_ index: Int, _ thread: Int) -> Void)
}
