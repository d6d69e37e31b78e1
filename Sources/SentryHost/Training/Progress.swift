import SentryPluginAPI

/// How far a run is: everything of a state but tensors and the trainer's own.
struct Progress: Codable, Sendable, Equatable {
  struct Best: Codable, Sendable, Equatable {
    /// Counted from 1.
    var epoch: Int
    /// In percent.
    var accuracy: Double
  }

  /// Which samples the run works on (``DataPartition/fingerprint``).
  var data: UInt64
  /// What those samples hold; nil in states of before.
  var contents: SampleContents?
  /// The epoch that is under way, from 0; the number of epochs once all are done.
  var epoch = 0
  /// The batch of that epoch that comes next.
  var batch = 0
  /// Steps of the whole run.
  var step = 0
  /// Of the epoch under way.
  var sums: EpochSums
  var learningRate = 0.0
  var metrics: [String: Double] = [:]
  var trainedImages = 0
  var trainingSeconds = 0.0
  var epochSeconds = 0.0
  /// Of the whole run.
  var best: Best?
  var history = History()
  var timing = Timing()
  var skipped: [SkippedSample] = []
  /// Set once training has ended, whether or not all epochs were used.
  var ended = false
  /// Why it ended before its last epoch.
  var stopReason: String?
  /// Set once the temperatures of the best and of the last model are fitted, where they are.
  var calibration: Calibration?

  struct Calibration: Codable, Sendable, Equatable {
    /// A model's temperature, and what the trainer tells of it.
    struct Fitted: Codable, Sendable, Equatable {
      var temperature: Float
      var report: JSONValue
    }
    var best: Fitted
    var final: Fitted
  }

  init(data: UInt64, contents: SampleContents? = nil, tasks: Int) {
    (self.data, self.contents, sums) = (data, contents, EpochSums(tasks: tasks))
  }
}

/// Sums over the batches of an epoch or a validation.
struct EpochSums: Codable, Sendable, Equatable {
  private(set) var loss = 0.0
  private(set) var lossWeight = 0.0
  private(set) var correct: [Int]
  private(set) var labelled: [Int]

  init(tasks: Int) {
    correct = [Int](repeating: 0, count: tasks)
    labelled = correct
  }

  mutating func add(_ result: StepResult) {
    loss += result.loss * result.lossWeight
    lossWeight += result.lossWeight
    for task in correct.indices {
      correct[task] += result.correct[task]
      labelled[task] += result.labelled[task]
    }
  }

  /// The mean of the losses, each with the weight of its batch; nil before the first one that weighs anything.
  var meanLoss: Double? { lossWeight > 0 ? loss / lossWeight : nil }

  /// In percent; nil where nothing is labelled.
  func accuracy(ofTask task: Int) -> Double? {
    labelled[task] > 0 ? 100 * Double(correct[task]) / Double(labelled[task]) : nil
  }

  /// The mean over those of the tasks that have labels, in percent.
  func accuracy(over tasks: [Int]) -> Double? {
    let values = tasks.compactMap(accuracy(ofTask:))
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
