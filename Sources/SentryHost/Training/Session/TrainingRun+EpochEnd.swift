import SentryPluginAPI
import SentryRuntime

extension TrainingRun {
  /// Takes the results of an epoch into history, asks the trainer, and writes what is due. The state comes last: a run that is
  /// killed in here does this epoch's end again, and writes the same bytes.
  func endEpoch(_ validation: EpochSums) throws {
    let number = progress.epoch + 1
    let metrics = try self.metrics(validation)
    let decision = try components.trainer.endEpoch(progress.epoch, metrics: metrics)
    let values = historyValues(metrics)
    progress.history.append(epoch: number, values)
    if decision.best { progress.best = .init(epoch: number, accuracy: metrics["val_acc"] ?? 0) }
    let speed = progress.trainingSeconds > 0 ? Double(progress.trainedImages) / progress.trainingSeconds : 0
    progress.timing.epoch.append(number)
    progress.timing.seconds.append(progress.epochSeconds)
    progress.timing.imagesPerSecond.append(speed)
    progress.timing.peakMemoryBytes.append(Machine.peakMemoryBytes)
    progress.timing.epochEnds?.append(Machine.secondsSinceStart)
    environment.reporter.epoch(
      EpochReport(
        epoch: number, epochs: options.epochs, values: values, seconds: progress.epochSeconds, imagesPerSecond: speed,
        isBest: decision.best, tasks: tasks.count > 1 ? tasks.map(\.name) : []))
    startNextEpoch()
    progress.ended = decision.stop || number == options.epochs
    if decision.stop, number < options.epochs { progress.stopReason = decision.reason ?? "the trainer ended the run" }
    try write(best: decision.best)
    try saveState()
  }

  /// What the trainer learns of an epoch; accuracies in percent.
  private func metrics(_ validation: EpochSums) throws -> [String: Double] {
    guard let accuracy = validation.accuracy(over: scoredTasks) else {
      throw PluginError.badData("no labelled sample of the validation data could be read")
    }
    var metrics = ["val_acc": accuracy]
    metrics["train_loss"] = progress.sums.meanLoss
    metrics["train_acc"] = progress.sums.accuracy(over: scoredTasks)
    metrics["val_loss"] = validation.meanLoss
    for (task, description) in tasks.enumerated() {
      metrics["train_acc/\(description.name)"] = progress.sums.accuracy(ofTask: task)
      metrics["val_acc/\(description.name)"] = validation.accuracy(ofTask: task)
    }
    for (name, value) in metrics where !value.isFinite {
      throw PluginError(
        "\(name) is \(value.isNaN ? "NaN" : "infinite") in epoch \(progress.epoch + 1): training has diverged",
        hint: "lower the learning rate or check the inputs; the saved state in \(directory.path) is unchanged")
    }
    return metrics
  }

  /// The epoch's entries of history.json: the metrics, the learning rate, and what components reported. One task needs no
  /// column of its own.
  private func historyValues(_ metrics: [String: Double]) -> [String: Double] {
    progress.metrics.merge(environment.takeMetrics()) { _, new in new }
    var values = metrics
    if tasks.count == 1 {
      for side in ["train", "val"] { values["\(side)_acc/\(tasks[0].name)"] = nil }
    }
    values["lr"] = progress.learningRate
    for (name, value) in progress.metrics.sorted(by: { $0.key < $1.key }) {
      guard values[name] == nil, name != "epoch", value.isFinite else {
        environment.reporter.warn(
          "the metric \(name) = \(value) of a component is not recorded: the name is taken, or the value is not a number"
        )
        continue
      }
      values[name] = value
    }
    return values
  }

  private func startNextEpoch() {
    progress.epoch += 1
    (progress.batch, progress.sums) = (0, EpochSums(tasks: tasks.count))
    (progress.metrics, progress.trainedImages) = ([:], 0)
    (progress.trainingSeconds, progress.epochSeconds) = (0, 0)
  }
}
