import COneDNN
import CSentryKernels
import SentryThreads

/// What the layers of one network share: threads, kernels, one workspace a thread, primitives by shape, sums.
///
/// A network and its context belong to one caller at a time.
public final class ComputeContext {
  public let executor: any ParallelExecutor
  public let level: CPULevel
  public let precision: Precision
  private let schedule: Schedule
  let kernels: sentry_kernels
  let engine: Engine
  let workspaces: [Workspace]
  /// What ``Linear`` multiplies with.
  public let linearLibrary: LinearLibrary
  let sums: ChannelSums
  /// The processes that train the network together; nil for one alone.
  public var ranks: Ranks? { didSet { sums.ranks = ranks } }
  private let reservedLibrary: LinearLibrary
  /// Names of convolutions of our own.
  private var ownImplementations: Set<String> = []
  private var primitives: [ConvolutionShape: ConvolutionPrimitives] = [:]

  /// - Parameters:
  ///   - maximumChannels: the widest layer whose statistics are gathered.
  ///   - forcesPrecision: accept a CPU that has to emulate the precision.
  ///   - linearLibrary: nil takes OpenBLAS where it cannot hang.
  /// - Throws: ``NNError`` where the CPU or oneDNN refuses.
  public init(
    executor: any ParallelExecutor, maximumChannels: Int, precision: Precision = .f32, forcesPrecision: Bool = false,
    schedule: Schedule = .fixed, linearLibrary: LinearLibrary? = nil
  ) throws {
    (self.executor, self.precision, self.schedule) = (executor, precision, schedule)
    level = try CPULevel.selected()
    try precision.check(level, forced: forcesPrecision)
    kernels = level.kernels(precision)
    engine = try Engine(level: level)
    let engine = engine
    workspaces = try (0..<executor.threadCount).map { try Workspace(thread: $0, engine: engine, precision: precision) }
    sums = ChannelSums(threads: executor.threadCount, channels: maximumChannels)
    let reserved = LinearLibrary.reserve(threads: executor.threadCount)
    reservedLibrary = reserved
    self.linearLibrary = linearLibrary ?? reserved
  }

  deinit { reservedLibrary.release(threads: executor.threadCount) }

  var threadCount: Int { executor.threadCount }

  /// Runs `body` for every index below `count`, each thread with its own workspace.
  /// - Throws: the first error that a thread met; that thread leaves out the rest of its part.
  func run(_ count: Int, _ body: (_ index: Int, _ workspace: Workspace) throws -> Void) throws {
    let workspaces = workspaces
    schedule.run(count, on: executor) { index, thread in
      let workspace = workspaces[thread]
      guard workspace.failure == nil else { return }
      do { try body(index, workspace) } catch { workspace.failure = error }
    }
    let failure = workspaces.lazy.compactMap(\.failure).first
    for workspace in workspaces { workspace.failure = nil }
    if let failure { throw failure }
  }

  /// The primitives of a convolution, built at the first use of its shape and then shared by all threads.
  /// A Winograd shape that oneDNN has no implementation for gets those of its direct counterpart.
  func primitives(for shape: ConvolutionShape) throws -> ConvolutionPrimitives {
    if let known = primitives[shape] { return known }
    let built = try builtPrimitives(for: shape)
    primitives[shape] = built
    return built
  }

  private func builtPrimitives(for shape: ConvolutionShape) throws -> ConvolutionPrimitives {
    do {
      let built = try ConvolutionPrimitives(shape, engine: engine, threadCount: threadCount)
      guard shape.algorithm == .winograd else { return built }
      // The three directions share their operands' layout, so it is all or none.
      for direction in [ConvolutionPrimitive.Direction.data, .weights] { _ = try built.primitive(direction) }
      return built
    } catch let error as NNError where error.code == .unimplemented && shape.algorithm == .winograd {
      var direct = shape
      direct.algorithm = .direct
      return try primitives(for: direct)
    }
  }

  func winograd(for shape: ConvolutionShape) -> WinogradConvolution {
    let made = WinogradConvolution(shape, self)
    ownImplementations.insert(made.implementation)
    return made
  }

  /// Names of the implementations behind all convolutions built so far, most of them oneDNN's.
  public var implementations: Set<String> { ownImplementations.union(primitives.values.flatMap(\.implementations)) }
}
