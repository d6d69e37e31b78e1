import SentryPluginAPI

/// Reads the batches of a pass ahead of their use, on threads of its own.
///
/// Threads take the rows of the next batches one by one, so that all of them work on the batch that is needed first. Each row
/// has its place and its own random stream: any number of threads gives the same bytes. Memory holds ``depth`` batches.
/// The threads end when the pass is through or the loader is gone.
package final class Loader {
  /// Batches in memory: the one in use, and those read ahead.
  package static let depth = 3
  /// Loaders stand back behind the compute threads: these share each piece of work in fixed parts, so that one which is
  /// held up for a moment holds up all of them. Without work to compete with, loaders run at full speed all the same.
  static let niceness: Int32 = 10

  private let work: LoaderWork
  private var threads: [NamedThread] = []

  /// - Parameters:
  ///   - firstBatch: where to begin, for a pass that was interrupted.
  ///   - workers: threads; with 0, batches are read when they are asked for, by who asks.
  package init(_ pass: LoadingPass, reader: SampleReader, firstBatch: Int = 0, workers: Int) throws {
    work = try LoaderWork(pass, reader: reader, firstBatch: firstBatch, depth: workers == 0 ? 1 : Self.depth)
    for index in 0..<max(0, workers) {
      do {
        threads.append(try NamedThread("sentry-load-\(index)", niceness: Self.niceness) { [work] in work.runThread() })
      } catch {
        end()
        throw error
      }
    }
  }

  deinit { end() }

  /// The next batch, nil at the end. An error in a sample appears at its batch, whichever thread met it first; of several in
  /// one batch the first row's is thrown.
  package func next() throws -> LoadedBatch? { try work.next(readingHere: threads.isEmpty) }

  private func end() {
    work.stop()
    for thread in threads { thread.join() }
    threads = []
  }
}

/// What the threads of a ``Loader`` share.
final class LoaderWork: @unchecked Sendable {
  // Unchecked: all variables are used under the monitor.
  private let pass: LoadingPass
  private let reader: SampleReader
  private let slots: [BatchSlot]
  private let monitor = Monitor()
  /// The row that is taken next.
  private var batch: Int
  private var row = 0
  /// The batch that is handed out next; the one before it is in use.
  private var upcoming: Int
  private var inUse = false
  private var isStopped = false

  init(_ pass: LoadingPass, reader: SampleReader, firstBatch: Int, depth: Int) throws {
    self.pass = pass
    self.reader = reader
    batch = firstBatch
    upcoming = firstBatch
    slots = try (0..<depth).map { _ in
      try BatchSlot(input: reader.input, batchSize: pass.rows.count, taskCount: pass.samples.taskCount)
    }
  }

  func stop() {
    monitor.locked {
      isStopped = true
      monitor.wakeAll()
    }
  }

  func runThread() {
    while let job = take() { finish(job, fill(job)) }
  }

  func next(readingHere: Bool) throws -> LoadedBatch? {
    let current = monitor.locked { () -> Int? in
      inUse = false
      guard upcoming < pass.batchCount else { return nil }
      monitor.wakeAll()
      return upcoming
    }
    guard let current else { return nil }
    let slot = slots[current % slots.count]
    if readingHere {
      while let job = take(only: current) { finish(job, fill(job)) }
    }
    return try monitor.locked {
      monitor.wait { slot.batch == current && slot.pending == 0 }
      (upcoming, inUse) = (current + 1, true)
      return try slot.finished()
    }
  }

  private struct Job {
    let slot: BatchSlot
    let batch: Int
    let row: Int
  }

  /// Waits for a free row; nil when there is none left. `only`: does not wait, and goes no further than this batch.
  private func take(only: Int? = nil) -> Job? {
    monitor.locked {
      if let only {
        guard batch <= only else { return nil }
      } else {
        monitor.wait { isStopped || batch == pass.batchCount || batch < upcoming - (inUse ? 1 : 0) + slots.count }
      }
      guard !isStopped, batch < pass.batchCount else { return nil }
      let slot = slots[batch % slots.count]
      if row == 0 { slot.start(batch: batch, rowCount: pass.rowCount(ofBatch: batch)) }
      let job = Job(slot: slot, batch: batch, row: row)
      row += 1
      if row == pass.rowCount(ofBatch: batch) { (batch, row) = (batch + 1, 0) }
      return job
    }
  }

  private func fill(_ job: Job) -> (BatchSlot.Row, [SkippedSample]) {
    let draw = pass.draw(batch: job.batch, row: job.row)
    do {
      let reading = try reader.read(
        draw, of: pass.samples, epoch: pass.epoch, strength: pass.strength(draw), remedy: pass.remedy)
      guard let sample = reading.sample else { return (.leftOut, reading.skipped) }
      job.slot.put(sample.tensor, pass.samples.targets(at: sample.position), row: job.row)
      return (.filled, reading.skipped)
    } catch {
      return (.failed(error), [])
    }
  }

  private func finish(_ job: Job, _ outcome: (row: BatchSlot.Row, skipped: [SkippedSample])) {
    monitor.locked {
      job.slot.rows[job.row] = outcome.row
      job.slot.skipped[job.row] = outcome.skipped
      job.slot.pending -= 1
      // Waiting are the threads, and who wants the batch: all of them only care about whole batches.
      if job.slot.pending == 0 { monitor.wakeAll() }
    }
  }
}
