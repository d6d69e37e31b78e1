import SentryRuntime

/// Where a run says how it goes.
package protocol TrainingReporter: Sendable {
  /// Something the user should read: a sentence, a table, the summary.
  func note(_ text: String)
  func warn(_ text: String)
  /// What only who looks closely wants to know (-v).
  func detail(_ text: String)
  /// After every batch.
  func step(_ report: StepReport)
  /// At the end of every epoch.
  func epoch(_ report: EpochReport)
}

package struct StepReport: Sendable, Equatable {
  package enum Phase: String, Sendable { case training, validation, evaluation }
  package var phase: Phase
  /// Counted from 1.
  package var epoch: Int
  package var epochs: Int
  /// Done of the epoch or the validation.
  package var batch: Int
  package var batches: Int
  /// Since this process began the epoch or validation.
  package var images: Int
  package var seconds: Double
  /// Batches that were done before this process began.
  package var firstBatch: Int
  var loss: Double?
  /// In percent; of several tasks the mean.
  package var accuracy: Double?
  /// Where there are several.
  package var tasks: [TaskAccuracy] = []

  package init(
    phase: Phase, epoch: Int, epochs: Int, batch: Int, batches: Int, images: Int, seconds: Double, firstBatch: Int,
    loss: Double? = nil, accuracy: Double? = nil, tasks: [TaskAccuracy] = []
  ) {
    self.phase = phase
    self.epoch = epoch
    self.epochs = epochs
    self.batch = batch
    self.batches = batches
    self.images = images
    self.seconds = seconds
    self.firstBatch = firstBatch
    self.loss = loss
    self.accuracy = accuracy
    self.tasks = tasks
  }

  package var imagesPerSecond: Double { seconds > 0 ? Double(images) / seconds : 0 }
  /// Seconds until the epoch or the validation is through; nil before the first batch.
  var remaining: Double? {
    let done = batch - firstBatch
    return done > 0 ? seconds / Double(done) * Double(batches - batch) : nil
  }
}

package struct TaskAccuracy: Sendable, Equatable {
  var task: String
  /// nil where nothing was labelled.
  var percent: Double?
}

package struct EpochReport: Sendable, Equatable {
  /// Counted from 1.
  package var epoch: Int
  package var epochs: Int
  /// As in history.json.
  package var values: [String: Double]
  package var seconds: Double
  package var imagesPerSecond: Double
  var isBest: Bool
  /// The tasks, where there are several: their accuracies are among the values.
  package var tasks: [String] = []
}

extension TrainingReporter {
  package func detail(_ text: String) {}

  /// Shows how an evaluation goes.
  /// - Returns: what is to be called after each batch with the number of samples that are done.
  package func evaluation(
    batches: Int, epoch: Int = 1, epochs: Int = 1, now: @escaping () -> Double = MonotonicClock.seconds
  ) -> (Int) -> Void {
    let start = now()
    var batch = 0
    return { done in
      batch += 1
      step(
        StepReport(
          phase: .evaluation, epoch: epoch, epochs: epochs, batch: batch, batches: batches, images: done,
          seconds: now() - start, firstBatch: 0))
    }
  }
}
