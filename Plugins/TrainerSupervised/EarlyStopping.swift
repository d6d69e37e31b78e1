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
  /// Validations without a better value before training stops; 0: never. Each is an epoch, unless the run validates some only.
  let patience: Int
  private(set) var best: Double?
  private(set) var bestEpoch = -1
  /// Validated epochs since the best one.
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
      reason: "no better validation \(monitor.rawValue) for \(span(to: epoch)); the best was in epoch \(bestEpoch + 1)")
  }

  /// `3 epochs`; where not all of them were validated, `3 validations (12 epochs)`.
  private func span(to epoch: Int) -> String {
    func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
    // Without a best epoch nobody knows where the count began.
    guard bestEpoch >= 0, epoch - bestEpoch != epochsWithout else { return counted(epochsWithout, "epoch") }
    return "\(counted(epochsWithout, "validation")) (\(counted(epoch - bestEpoch, "epoch")))"
  }
}
