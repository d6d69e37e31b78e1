import SentryPluginAPI

/// What "best" and early stopping judge an epoch by, after validation.
enum Monitor: String, Decodable, Sendable {
  case accuracy, loss

  /// Of the host's metrics.
  var metric: String { self == .accuracy ? "val_acc" : "val_loss" }
  var lowerIsBetter: Bool { self == .loss }
}

/// Remembers the best value of a metric and says when it has not improved for long enough.
struct EarlyStopping: Sendable, Equatable {
  let monitor: Monitor
  /// Epochs without a better value before training stops; 0: never.
  let patience: Int
  private(set) var best: Double?
  private(set) var bestEpoch = -1
  private(set) var epochsWithout = 0

  init(
    patience: Int, monitor: Monitor = .accuracy, best: Double? = nil, bestEpoch: Int = -1, epochsWithout: Int = 0
  ) {
    (self.patience, self.monitor) = (patience, monitor)
    (self.best, self.bestEpoch, self.epochsWithout) = (best, bestEpoch, epochsWithout)
  }

  /// - Parameter value: NaN is never better.
  mutating func observe(_ value: Double, epoch: Int) -> EpochDecision {
    if best.map({ monitor.lowerIsBetter ? value < $0 : value > $0 }) ?? !value.isNaN {
      (best, bestEpoch, epochsWithout) = (value, epoch, 0)
      return EpochDecision(best: true, stop: false)
    }
    epochsWithout += 1
    guard patience > 0, epochsWithout >= patience else { return EpochDecision(best: false, stop: false) }
    return EpochDecision(
      best: false, stop: true,
      reason:
        "no better validation \(monitor.rawValue) for \(epochsWithout) epoch\(epochsWithout == 1 ? "" : "s"); the best was in epoch \(bestEpoch + 1)"
    )
  }
}
