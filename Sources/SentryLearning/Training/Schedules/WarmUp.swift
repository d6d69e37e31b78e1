/// A schedule that begins after a linear rise to its first rate, with every step: PyTorch's LinearLR, and then the schedule.
public struct WarmUp: LearningRateSchedule {
  public let schedule: any LearningRateSchedule
  public let epochs, stepsPerEpoch: Int
  /// The first rate as a share of the schedule's.
  public let start: Double

  public init(_ schedule: any LearningRateSchedule, epochs: Int, stepsPerEpoch: Int, start: Double) {
    (self.schedule, self.epochs, self.stepsPerEpoch, self.start) = (schedule, epochs, stepsPerEpoch, start)
  }

  public func rate(epoch: Int, step: Int) -> Double {
    let steps = epochs * stepsPerEpoch
    guard epoch < epochs, step < steps else { return schedule.rate(epoch: epoch - epochs, step: step - steps) }
    return schedule.rate(epoch: 0, step: 0) * (start + (1 - start) * Double(step) / Double(steps))
  }
}
