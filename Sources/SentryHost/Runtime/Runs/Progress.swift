import SentryPluginAPI

/// How far a run is: everything of a state but tensors and the trainer's own.
package struct Progress: Codable, Sendable, Equatable {
  package struct Best: Codable, Sendable, Equatable {
    /// Counted from 1.
    package var epoch: Int
    /// In percent.
    package var accuracy: Double

    package init(epoch: Int, accuracy: Double) {
      (self.epoch, self.accuracy) = (epoch, accuracy)
    }
  }

  /// Which samples the run works on (``DataPartition/fingerprint``).
  package var data: UInt64
  /// What those samples hold; nil in states of before.
  package var contents: SampleContents?
  /// The epoch that is under way, from 0; the number of epochs once all are done.
  package var epoch = 0
  /// The batch of that epoch that comes next.
  package var batch = 0
  /// Steps of the whole run.
  package var step = 0
  /// Of the epoch under way.
  package var sums: EpochSums
  package var learningRate = 0.0
  package var metrics: [String: Double] = [:]
  package var trainedImages = 0
  package var trainingSeconds = 0.0
  package var epochSeconds = 0.0
  /// Of the whole run.
  package var best: Best?
  package var history = History()
  package var timing = Timing()
  package var skipped: [SkippedSample] = []
  /// Set once training has ended, whether or not all epochs were used.
  package var ended = false
  /// Why it ended before its last epoch.
  package var stopReason: String?
  /// Set once the temperatures of the best and of the last model are fitted, where they are.
  package var calibration: Calibration?

  package struct Calibration: Codable, Sendable, Equatable {
    /// A model's temperature, and what the trainer tells of it.
    package struct Fitted: Codable, Sendable, Equatable {
      package var temperature: Float
      package var report: JSONValue

      package init(temperature: Float, report: JSONValue) {
        (self.temperature, self.report) = (temperature, report)
      }
    }
    package var best: Fitted
    package var final: Fitted

    package init(best: Fitted, final: Fitted) {
      (self.best, self.final) = (best, final)
    }
  }

  package init(data: UInt64, contents: SampleContents? = nil, tasks: Int) {
    (self.data, self.contents, sums) = (data, contents, EpochSums(tasks: tasks))
  }
}

/// Sums over the batches of an epoch or a validation.
package struct EpochSums: Codable, Sendable, Equatable {
  private(set) var loss = 0.0
  private(set) var lossWeight = 0.0
  private(set) var correct: [Int]
  package private(set) var labelled: [Int]
  /// By task, of an evaluation by a trainer that tells them.
  private var taskLosses: [WeightedLoss] = []
  /// Whether each batch weighed for every task what it has in samples.
  private var batchesWeighAlike = true

  private enum CodingKeys: String, CodingKey {
    // A validation is never saved half done.
    case loss, lossWeight, correct, labelled
  }

  package init(tasks: Int) {
    correct = [Int](repeating: 0, count: tasks)
    labelled = correct
  }

  package mutating func add(_ result: StepResult) {
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

  /// All of a validation's sums as numbers, so that those of several processes add up; see ``init(summed:tasks:)``.
  package var summands: [Double] {
    let tells = !taskLosses.isEmpty
    return [loss, lossWeight, batchesWeighAlike ? 0 : 1, tells ? 1 : 0]
      + correct.map(Double.init) + labelled.map(Double.init)
      + (tells ? taskLosses : correct.map { _ in WeightedLoss() }).flatMap { [$0.sum, $0.weight] }
  }

  /// What the summands of several processes add up to.
  package init(summed values: [Double], tasks: Int) {
    self.init(tasks: tasks)
    (loss, lossWeight, batchesWeighAlike) = (values[0], values[1], values[2] == 0)
    for task in 0..<tasks {
      (correct[task], labelled[task]) = (Int(values[4 + task]), Int(values[4 + tasks + task]))
    }
    guard values[3] > 0 else { return }
    let losses = values.dropFirst(4 + 2 * tasks)
    taskLosses = (0..<tasks).map {
      WeightedLoss(sum: losses[losses.startIndex + 2 * $0], weight: losses[losses.startIndex + 2 * $0 + 1])
    }
  }

  /// The loss over all samples, whatever the batches: the sum of the tasks' weighted means. From a trainer that does not tell
  /// them, the mean of the batches' losses, each with the weight of its batch. nil before the first one that weighs anything.
  package var meanLoss: Double? {
    let means = taskLosses.filter { $0.weight > 0 }.map { $0.sum / $0.weight }
    // Where batches weigh alike both ways give one number, and the mean of the batches is the one whose last bit is known.
    guard means.isEmpty || batchesWeighAlike else { return means.reduce(0, +) }
    return lossWeight > 0 ? loss / lossWeight : nil
  }

  /// In percent; nil where nothing is labelled.
  package func accuracy(ofTask task: Int) -> Double? {
    labelled[task] > 0 ? 100 * Double(correct[task]) / Double(labelled[task]) : nil
  }

  /// The mean over those of the tasks that have labels, in percent.
  package func accuracy(over tasks: [Int]) -> Double? {
    let values = tasks.compactMap(accuracy(ofTask:))
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
