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

  init(data: UInt64, tasks: Int) { (self.data, sums) = (data, EpochSums(tasks: tasks)) }
}

/// Sums over the batches of an epoch or a validation.
struct EpochSums: Codable, Sendable, Equatable {
  private(set) var loss = 0.0
  private(set) var lossWeight = 0.0
  private(set) var correct: [Int]
  private(set) var labelled: [Int]
  /// By task, of an evaluation by a trainer that tells them.
  private var taskLosses: [WeightedLoss] = []
  /// Whether each batch weighed for every task what it has in samples.
  private var batchesWeighAlike = true

  private enum CodingKeys: String, CodingKey {
    // A validation is never saved half done.
    case loss, lossWeight, correct, labelled
  }

  init(tasks: Int) {
    correct = [Int](repeating: 0, count: tasks)
    labelled = correct
  }

  mutating func add(_ result: StepResult) {
    loss += result.loss * result.lossWeight
    lossWeight += result.lossWeight
    if taskLosses.isEmpty { taskLosses = result.taskLosses.map { _ in WeightedLoss() } }
    for (task, loss) in result.taskLosses.enumerated() { taskLosses[task] += loss }
    if !result.taskLosses.allSatisfy({ $0.weight == result.lossWeight }) { batchesWeighAlike = false }
    for task in correct.indices {
      correct[task] += result.correct[task]
      labelled[task] += result.labelled[task]
    }
  }

  /// The loss over all samples, whatever the batches: the sum of the tasks' weighted means. From a trainer that does not tell
  /// them, the mean of the batches' losses, each with the weight of its batch. nil before the first one that weighs anything.
  var meanLoss: Double? {
    let means = taskLosses.filter { $0.weight > 0 }.map { $0.sum / $0.weight }
    // Where batches weigh alike both ways give one number, and the mean of the batches is the one whose last bit is known.
    guard means.isEmpty || batchesWeighAlike else { return means.reduce(0, +) }
    return lossWeight > 0 ? loss / lossWeight : nil
  }

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
