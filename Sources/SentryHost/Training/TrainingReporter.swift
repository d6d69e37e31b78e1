/// Where a run says how it goes.
protocol TrainingReporter: Sendable {
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

struct StepReport: Sendable, Equatable {
  enum Phase: String, Sendable { case training, validation, evaluation }
  var phase: Phase
  /// Counted from 1.
  var epoch: Int
  var epochs: Int
  /// Done of the epoch or the validation.
  var batch: Int
  var batches: Int
  /// Since this process began the epoch or validation.
  var images: Int
  var seconds: Double
  /// Batches that were done before this process began.
  var firstBatch: Int
  var loss: Double?
  /// In percent; of several tasks the mean.
  var accuracy: Double?
  /// Where there are several.
  var tasks: [TaskAccuracy] = []

  var imagesPerSecond: Double { seconds > 0 ? Double(images) / seconds : 0 }
  /// Seconds until the epoch or the validation is through; nil before the first batch.
  var remaining: Double? {
    let done = batch - firstBatch
    return done > 0 ? seconds / Double(done) * Double(batches - batch) : nil
  }
}

struct TaskAccuracy: Sendable, Equatable {
  var task: String
  /// nil where nothing was labelled.
  var percent: Double?
}

struct EpochReport: Sendable, Equatable {
  /// Counted from 1.
  var epoch: Int
  var epochs: Int
  /// As in history.json.
  var values: [String: Double]
  var seconds: Double
  var imagesPerSecond: Double
  var isBest: Bool
  /// The tasks, where there are several: their accuracies are among the values.
  var tasks: [String] = []
}

extension TrainingReporter {
  func detail(_ text: String) {}
}
