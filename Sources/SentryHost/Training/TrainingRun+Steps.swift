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
        "an epoch has \(stepsPerEpoch) steps of \(batch) samples; the last, incomplete batch (\(left) of \(samples) samples, "
          + "different in each epoch) is not trained on")
    }
    let steps = stepsPerEpoch * options.epochs
    guard steps < Self.fewSteps, options.initWeights == nil else { return }
    environment.reporter.warn(
      "the run has \(steps) steps (\(stepsPerEpoch) per epoch); a model with random weights learns little in fewer than "
        + "\(Self.fewSteps). Try \(advice(samples))weights to start from (--init-weights)")
  }

  private func advice(_ samples: Int) -> String {
    // The largest usual batch with which the epochs of the run suffice.
    let smaller = [32, 16, 8].filter { $0 < options.batchSize && $0 <= samples }
    guard let batch = smaller.first(where: { samples / $0 * options.epochs >= Self.fewSteps }) ?? smaller.last else {
      return "more --epochs, or "
    }
    return "--batch-size \(batch) (\(samples / batch) steps an epoch), more --epochs, or "
  }
}
