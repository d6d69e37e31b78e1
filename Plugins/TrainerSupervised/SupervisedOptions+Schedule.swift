import SentryNN

extension SupervisedOptions {
  /// The rates that follow from the epoch alone.
  func schedule(epochs: Int) -> LearningRateSchedule {
    switch schedule {
    case .constant, .plateau: .constant(lr)
    case .cosine: .cosineAnnealing(base: lr, minimum: minLR, period: period > 0 ? period : epochs)
    case .warmRestarts:
      .cosineWarmRestarts(base: lr, minimum: minLR, period: restartPeriod, multiplier: restartMultiplier)
    }
  }

  /// The rates that follow from how training goes; nil with another schedule.
  var plateau: PlateauSchedule? {
    guard schedule == .plateau else { return nil }
    return PlateauSchedule(
      rate: lr, factor: plateauFactor, patience: plateauPatience, minimum: minLR, lowerIsBetter: monitor.lowerIsBetter)
  }
}
