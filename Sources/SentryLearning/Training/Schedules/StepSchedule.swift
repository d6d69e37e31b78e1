import Glibc

/// The rate times `factor` after every `period` epochs: PyTorch's StepLR.
public struct StepSchedule: LearningRateSchedule {
  public let base, factor: Double
  public let period: Int

  public init(base: Double, factor: Double, period: Int) {
    (self.base, self.factor, self.period) = (base, factor, period)
  }

  public func rate(epoch: Int, step: Int) -> Double { base * pow(factor, Double(epoch / max(period, 1))) }
}
