import SentryRuntime

extension TrainingRun {
  /// Fewer steps than this leave a network near chance that starts from random weights: with 711 small pictures, 220 steps give
  /// 31 % and 920 give 78 %.
  private static let fewSteps = 500

  /// Tells what an epoch leaves out, and where a run is too short to learn from random weights what to try.
  func describeSteps() {
    let (samples, batch) = (sampler.shardSize, options.batchSize)
    let left = samples % batch
    if left > 0 {
      environment.reporter.note(
        "an epoch has \(NumberText.counted(stepsPerEpoch, "step")) of \(batch) samples; the last, incomplete batch (\(left) of \(samples) samples, "
          + "other ones each time) is not trained on")
    }
    let steps = stepsPerEpoch * options.epochs
    guard steps < Self.fewSteps, options.initWeights == nil, !modelReadsAFile else { return }
    environment.reporter.warn(
      "the run has \(NumberText.counted(steps, "step")) in all, \(stepsPerEpoch) an epoch: from random weights little is learned in fewer than "
        + "\(Self.fewSteps). Try \(advice(samples))weights to start from (--init-weights)")
  }

  /// Whether an option of the model names a file, as weights to start from.
  private var modelReadsAFile: Bool {
    // The host has made the paths absolute.
    (plan.model.options.objectValue ?? [:]).values.contains { $0.stringValue?.hasPrefix("/") == true }
  }

  private func advice(_ samples: Int) -> String {
    // The largest usual batch with which the epochs of the run suffice.
    let smaller = [32, 16, 8].filter { $0 < options.batchSize && $0 <= samples }
    guard let batch = smaller.first(where: { samples / $0 * options.epochs >= Self.fewSteps }) ?? smaller.last else {
      return "more --epochs, or "
    }
    return "--batch-size \(batch) (\(NumberText.counted(samples / batch, "step")) an epoch), more --epochs, or "
  }
}
