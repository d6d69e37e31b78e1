/// Loshchilov and Hutter 2017, without restarts: from `base` down to `minimum` within `period` epochs. Past them it rises again, as
/// PyTorch's CosineAnnealingLR does.
public struct CosineSchedule: LearningRateSchedule {
  public let base, minimum: Double
  public let period: Int

  public init(base: Double, minimum: Double, period: Int) {
    (self.base, self.minimum, self.period) = (base, minimum, period)
  }

  public func rate(epoch: Int, step: Int) -> Double {
    cosine(from: base, to: minimum, Double(epoch) / Double(max(period, 1)))
  }
}

/// The same with restarts: `period` epochs to the first, and from each to the next `multiplier` times as many.
public struct CosineRestartsSchedule: LearningRateSchedule {
  public let base, minimum: Double
  public let period, multiplier: Int

  public init(base: Double, minimum: Double, period: Int, multiplier: Int) {
    (self.base, self.minimum, self.period, self.multiplier) = (base, minimum, period, multiplier)
  }

  public func rate(epoch: Int, step: Int) -> Double {
    var (length, position) = (max(period, 1), epoch)
    if multiplier <= 1 { position %= length }
    while position >= length {
      position -= length
      let (next, overflow) = length.multipliedReportingOverflow(by: multiplier)
      length = overflow ? .max : next
    }
    return cosine(from: base, to: minimum, Double(position) / Double(length))
  }
}
