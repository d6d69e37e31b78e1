import SentryPluginAPI

/// Reads the batches of passes ahead of their use, on threads of its own.
///
/// Threads take the rows of the next batches one by one, so that all of them work on the batch that is needed first. Each row
/// has its place and its own random stream: any number of threads gives the same bytes. Memory holds ``depth`` batches; threads and
/// memory stay from pass to pass, and go with the loader.
package final class Loader {
  /// Batches in memory: the one in use, and those read ahead.
  package static let depth = 3
  /// Loaders stand back behind the compute threads: these share each piece of work in fixed parts, so that one which is
  /// held up for a moment holds up all of them. Without work to compete with, loaders run at full speed all the same.
  static let niceness: Int32 = 10

  private let work: LoaderWork
  private var threads: [NamedThread] = []

  /// A loader without a pass.
  ///
  /// - Parameters:
  ///   - batchSize: the most rows of a batch.
  ///   - workers: threads; with 0, batches are read when they are asked for, by who asks.
  ///   - memory: where inputs are put together; nil, or where it gives none: the loader's own.
  package init(
    reader: SampleReader, batchSize: Int, taskCount: Int, workers: Int,
    memory: ((_ shape: [Int], _ dtype: DType) -> Tensor?)? = nil
  ) throws {
    work = try LoaderWork(
      reader: reader, batchSize: batchSize, taskCount: taskCount, depth: workers == 0 ? 1 : Self.depth, memory)
    for index in 0..<max(0, workers) {
      do {
        threads.append(try NamedThread("sentry-load-\(index)", niceness: Self.niceness) { [work] in work.runThread() })
      } catch {
        end()
        throw error
      }
    }
  }

  /// A loader for one pass.
  package convenience init(_ pass: LoadingPass, reader: SampleReader, firstBatch: Int = 0, workers: Int) throws {
    try self.init(
      reader: reader, batchSize: pass.rows.count, taskCount: pass.samples.taskCount, workers: workers)
    start(pass, firstBatch: firstBatch)
  }

  deinit { end() }

  /// Begins a pass; what was left of the one before is dropped.
  ///
  /// - Parameters:
  ///   - pass: of batches that are no larger than the loader's.
  ///   - firstBatch: where to begin, for a pass that was interrupted.
  package func start(_ pass: LoadingPass, firstBatch: Int = 0) { work.start(pass, firstBatch: firstBatch) }

  /// The next batch, nil at the end. An error in a sample appears at its batch, whichever thread met it first; of several in
  /// one batch the first row's is thrown.
  package func next() throws -> LoadedBatch? { try work.next(readingHere: threads.isEmpty) }

  /// What ``next()`` will give, where that is there already. Valid until the loader is asked for the one after it.
  package func upcoming() -> LoadedBatch? { work.upcomingBatch() }

  private func end() {
    work.stop()
    for thread in threads { thread.join() }
    threads = []
  }
}
