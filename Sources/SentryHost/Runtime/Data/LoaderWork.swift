import SentryPluginAPI

/// What the threads of a ``Loader`` share.
final class LoaderWork: @unchecked Sendable {
  // Unchecked: all variables are used under the monitor.
  private let reader: SampleReader
  private let slots: [BatchSlot]
  private let monitor = Monitor()
  private var pass: LoadingPass?
  /// The row that is taken next.
  private var batch = 0
  private var row = 0
  /// The batch that is handed out next; the one before it is in use.
  private var upcoming = 0
  private var inUse = false
  /// Rows that threads are at.
  private var filling = 0
  private var isStopped = false

  init(
    reader: SampleReader, batchSize: Int, taskCount: Int, depth: Int, _ memory: BatchSlot.Allocator?
  ) throws {
    self.reader = reader
    let softClasses =
      reader.softTargets == nil ? 0 : reader.dataset.specification.tasks.reduce(0) { $0 + $1.classes.count }
    slots = try (0..<depth).map { _ in
      try BatchSlot(
        input: reader.input, batchSize: batchSize, taskCount: taskCount, softClasses: softClasses, memory: memory)
    }
  }

  func start(_ pass: LoadingPass, firstBatch: Int) {
    monitor.locked {
      self.pass = nil
      monitor.wait { filling == 0 }
      for slot in slots { slot.batch = -1 }
      (self.pass, batch, row, upcoming, inUse) = (pass, firstBatch, 0, firstBatch, false)
      monitor.wakeAll()
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
      guard let pass, upcoming < pass.batchCount else { return nil }
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

  func upcomingBatch() -> LoadedBatch? {
    monitor.locked {
      let slot = slots[upcoming % slots.count]
      guard slot.batch == upcoming, slot.pending == 0 else { return nil }
      // An error is for who asks for the batch.
      return try? slot.finished()
    }
  }

  private struct Job {
    let pass: LoadingPass
    let slot: BatchSlot
    let batch: Int
    let row: Int
  }

  /// Waits for a free row; nil when the loader ends. `only`: does not wait, and goes no further than this batch.
  private func take(only: Int? = nil) -> Job? {
    monitor.locked {
      if let only {
        guard batch <= only else { return nil }
      } else {
        monitor.wait {
          isStopped || (pass.map { batch < $0.batchCount } ?? false) && batch < upcoming - (inUse ? 1 : 0) + slots.count
        }
      }
      guard !isStopped, let pass, batch < pass.batchCount else { return nil }
      let slot = slots[batch % slots.count]
      if row == 0 { slot.start(batch: batch, rowCount: pass.rowCount(ofBatch: batch)) }
      let job = Job(pass: pass, slot: slot, batch: batch, row: row)
      row += 1
      filling += 1
      if row == pass.rowCount(ofBatch: batch) { (batch, row) = (batch + 1, 0) }
      return job
    }
  }

  private func fill(_ job: Job) -> (BatchSlot.Row, [SkippedSample]) {
    let (pass, draw) = (job.pass, job.pass.draw(batch: job.batch, row: job.row))
    do {
      let reading = try reader.read(
        draw, of: pass.samples, epoch: pass.epoch, strength: pass.strength(draw), remedy: pass.remedy)
      guard let sample = reading.sample else { return (.leftOut, reading.skipped) }
      job.slot.put(
        sample.tensor, pass.samples.targets(at: sample.position),
        soft: try reader.softTargets(at: sample.position, of: pass.samples), row: job.row)
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
      filling -= 1
      // Waiting are the threads, who wants the batch, and who wants another pass: none of them cares about single rows.
      if job.slot.pending == 0 || filling == 0 { monitor.wakeAll() }
    }
  }
}
