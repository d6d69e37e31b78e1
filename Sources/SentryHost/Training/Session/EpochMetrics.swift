import SentryPluginAPI
import SentryRuntime

/// What came of an epoch, by name; accuracies in percent.
struct EpochMetrics {
  private let tasks: [ClassificationTask]
  /// What the trainer learns of the epoch.
  let values: [String: Double]
  /// The columns of history.json that the epoch leaves empty.
  let absent: [String]

  /// - Parameters:
  ///   - validation: nil for an epoch without one.
  ///   - scored: the tasks that accuracy is the mean of.
  init(training: EpochSums, validation: EpochSums?, tasks: [ClassificationTask], scored: [Int]) throws {
    var values: [String: Double] = [:]
    values["train_loss"] = training.meanLoss
    values["train_acc"] = training.accuracy(over: scored)
    for (task, description) in tasks.enumerated() {
      values["train_acc/\(description.name)"] = training.accuracy(ofTask: task)
    }
    if let validation {
      guard let accuracy = validation.accuracy(over: scored) else {
        throw PluginError.badData("no labelled sample of the validation data could be read")
      }
      values["val_acc"] = accuracy
      values["val_loss"] = validation.meanLoss
      for (task, description) in tasks.enumerated() {
        values["val_acc/\(description.name)"] = validation.accuracy(ofTask: task)
      }
      absent = []
    } else {
      absent = ["val_acc", "val_loss"] + (tasks.count > 1 ? tasks.map { "val_acc/\($0.name)" } : [])
    }
    (self.tasks, self.values) = (tasks, values)
  }

  /// The epoch's entries of history.json: the metrics, the learning rate, and what components reported. One task needs no
  /// column of its own.
  func history(learningRate: Double?, reported: [String: Double], warn: (String) -> Void) -> [String: Double] {
    var values = values
    if tasks.count == 1 {
      for side in ["train", "val"] { values["\(side)_acc/\(tasks[0].name)"] = nil }
    }
    values["lr"] = learningRate
    for (name, value) in reported.sorted(by: { $0.key < $1.key }) {
      guard values[name] == nil, !absent.contains(name), name != "epoch", value.isFinite else {
        warn(
          "the metric \(name) = \(value) of a component is not recorded: the name is taken, or the value is not a number"
        )
        continue
      }
      values[name] = value
    }
    return values
  }
}
