import COneDNN
import COpenBLAS
import CSentryKernels
import SentryThreads

/// What the layers of one network share: threads, kernels, one workspace a thread, primitives by shape, sums.
///
/// A network and its context belong to one caller at a time.
public final class ComputeContext {
  public let executor: any ParallelExecutor
  public let level: CPULevel
  let kernels: sentry_kernels
  let engine: Engine
  let workspaces: [Workspace]
  let sums: ChannelSums
  private var primitives: [ConvolutionShape: ConvolutionPrimitives] = [:]

  /// - Parameter maximumChannels: the widest layer whose statistics are gathered.
  /// - Throws: ``NNError`` where the CPU or oneDNN refuses.
  public init(executor: any ParallelExecutor, maximumChannels: Int) throws {
    self.executor = executor
    level = try CPULevel.selected()
    kernels = level.kernels
    engine = try Engine(level: level)
    let engine = engine
    workspaces = try (0..<executor.threadCount).map { try Workspace(thread: $0, engine: engine) }
    sums = ChannelSums(threads: executor.threadCount, channels: maximumChannels)
    // The threads are ours: a library's own team would fight with them for the same cores.
    openblas_set_num_threads(1)
  }

  var threadCount: Int { executor.threadCount }

  /// Runs `body` for every index below `count`, each thread with its own workspace.
  /// - Throws: the first error that a thread met; that thread leaves out the rest of its part.
  func run(_ count: Int, _ body: (_ index: Int, _ workspace: Workspace) throws -> Void) throws {
    let workspaces = workspaces
    executor.run(count) { index, thread in
      let workspace = workspaces[thread]
      guard workspace.failure == nil else { return }
      do { try body(index, workspace) } catch { workspace.failure = error }
    }
    let failure = workspaces.lazy.compactMap(\.failure).first
    for workspace in workspaces { workspace.failure = nil }
    if let failure { throw failure }
  }

  /// The primitives of a convolution, built at the first use of its shape and then shared by all threads.
  func primitives(for shape: ConvolutionShape) throws -> ConvolutionPrimitives {
    if let known = primitives[shape] { return known }
    let built = try ConvolutionPrimitives(shape, engine: engine, threadCount: threadCount)
    primitives[shape] = built
    return built
  }

  /// oneDNN's names of the implementations behind all primitives built so far.
  public var implementations: Set<String> { Set(primitives.values.flatMap(\.implementations)) }
}
