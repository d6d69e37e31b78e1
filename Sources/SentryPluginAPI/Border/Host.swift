package import CSentryPlugin
public import SentryThreads

/// The services of the host for a plugin.
public struct Host: @unchecked Sendable, ParallelExecutor {
  public enum Level: Int32, Sendable { case debug = 0, info, warning, error }

  let raw: UnsafePointer<sentry_host>
  let component: String

  package init(raw: UnsafePointer<sentry_host>, component: String) { (self.raw, self.component) = (raw, component) }

  /// Writes one line for the user, under the component's name.
  public func log(_ level: Level = .info, _ message: String) {
    raw.pointee.log(raw, level.rawValue, component, message)
  }

  /// Whether the user asked to stop.
  public var isCancelled: Bool { raw.pointee.is_cancelled(raw) != 0 }

  /// Throws once the user asked to stop.
  public func checkCancellation() throws {
    if isCancelled { throw PluginError("cancelled", code: SENTRY_CANCELLED) }
  }

  /// Reports the progress of long work outside of training steps; a total of 0 means unknown.
  public func progress(_ what: String, _ done: Int, of total: Int) {
    raw.pointee.progress(raw, what, Int64(done), Int64(total))
  }

  /// Records a number for history.json, once per epoch.
  public func metric(_ name: String, _ value: Double) { raw.pointee.metric(raw, name, value) }

  /// A seed that depends only on the seed of the run, the stream and the index.
  public func randomSeed(_ stream: String, _ index: UInt64 = 0) -> UInt64 {
    raw.pointee.random_seed(raw, stream, index)
  }

  public var threadCount: Int { Int(raw.pointee.thread_count(raw)) }

  public func run(_ count: Int, _ body: (_ index: Int, _ thread: Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      let box = Box(body)
      raw.pointee.parallel_for(raw, Int64(count), Unmanaged.passUnretained(box).toOpaque()) { user, index, thread in
        Box<(Int, Int) -> Void>.at(user)(Int(index), Int(thread))
      }
    }
  }

  /// The rank of this process and the number of processes that train together.
  public var world: (rank: Int, size: Int) {
    var (rank, size): (Int32, Int32) = (0, 1)
    raw.pointee.world(raw, &rank, &size)
    return (Int(rank), Int(size))
  }

  /// A sum over all ranks that runs until ``wait(for:)``.
  public struct Reduction: Sendable {
    let ticket: UInt64
    let tensor: Tensor
  }

  /// Starts to sum a tensor over all ranks in place. The order of the sum depends only on ranks, size and type, and every rank gets
  /// the same bytes. All ranks start the same sums in the same order.
  public func startSum(_ tensor: Tensor) throws -> Reduction {
    var ticket: UInt64 = 0
    try tensor.withBorderTensor { view in
      try acrossBorder { raw.pointee.all_reduce_start(raw, view, SENTRY_REDUCE_SUM, &ticket, $0) }
    }
    return Reduction(ticket: ticket, tensor: tensor)
  }

  /// Sums a tensor over all ranks in place.
  public func sum(_ tensor: Tensor) throws { try wait(for: startSum(tensor)) }

  public func wait(for reduction: Reduction) throws {
    try acrossBorder { raw.pointee.all_reduce_wait(raw, reduction.ticket, $0) }
  }
}
