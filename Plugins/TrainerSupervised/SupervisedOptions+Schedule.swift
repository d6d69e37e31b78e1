import SentryLearning
import SentryPluginAPI

extension SupervisedOptions {
  /// The rates that follow from how far the run is.
  ///
  /// - Throws: ``PluginError`` where options contradict each other.
  func schedule(of run: RunSpecification) throws -> any LearningRateSchedule {
    let afterWarmUp = max(1, run.epochs - warmUpEpochs)
    let schedule: any LearningRateSchedule =
      switch schedule {
      case .constant, .plateau: ConstantSchedule(lr)
      case .cosine: CosineSchedule(base: lr, minimum: minLR, period: period > 0 ? period : afterWarmUp)
      case .warmRestarts:
        CosineRestartsSchedule(base: lr, minimum: minLR, period: restartPeriod, multiplier: restartMultiplier)
      case .step: StepSchedule(base: lr, factor: stepFactor, period: stepPeriod)
      case .oneCycle: OneCycleSchedule(peak: lr, steps: run.epochs * run.stepsPerEpoch)
      }
    guard warmUpEpochs > 0 else { return schedule }
    guard self.schedule != .oneCycle else {
      throw PluginError.invalid(
        "trainer.warm-up-epochs cannot be combined with the schedule one-cycle, which has its own warm-up",
        hint: "leave one of them out")
    }
    guard warmUpEpochs <= run.epochs else {
      throw PluginError.invalid(
        "trainer.warm-up-epochs is \(warmUpEpochs), but the run has \(run.epochs) epochs", hint: "give fewer")
    }
    return WarmUp(schedule, epochs: warmUpEpochs, stepsPerEpoch: run.stepsPerEpoch, start: warmUpStart)
  }

  /// The rates that follow from how training goes; nil with another schedule.
  var plateau: PlateauSchedule? {
    guard schedule == .plateau else { return nil }
    return PlateauSchedule(
      rate: lr, factor: plateauFactor, patience: plateauPatience, minimum: minLR, lowerIsBetter: monitor.lowerIsBetter)
  }
}
