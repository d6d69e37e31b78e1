import SentryPluginAPI

/// Remembers the best value of a metric and says when it has not risen for long enough.
struct EarlyStopping: Sendable, Equatable {
  /// Epochs without a better value before training stops; 0: never.
  let patience: Int
  private(set) var best: Double?
  private(set) var bestEpoch = -1
  private(set) var epochsWithout = 0

  init(patience: Int, best: Double? = nil, bestEpoch: Int = -1, epochsWithout: Int = 0) {
    (self.patience, self.best, self.bestEpoch, self.epochsWithout) = (patience, best, bestEpoch, epochsWithout)
  }

  /// - Parameter value: the higher the better; NaN is never better.
  mutating func observe(_ value: Double, epoch: Int) -> EpochDecision {
    if best.map({ value > $0 }) ?? !value.isNaN {
      (best, bestEpoch, epochsWithout) = (value, epoch, 0)
      return EpochDecision(best: true, stop: false)
    }
    epochsWithout += 1
    guard patience > 0, epochsWithout >= patience else { return EpochDecision(best: false, stop: false) }
    return EpochDecision(
      best: false, stop: true,
      reason: "no better validation accuracy for \(epochsWithout) epochs; the best was in epoch \(bestEpoch + 1)")
  }
}
