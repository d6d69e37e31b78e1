import Glibc

/// The learning rate of each epoch.
public enum LearningRateSchedule: Sendable {
  case constant(Double)
  /// Loshchilov and Hutter 2017, without restarts: from `base` down to `minimum` within `period` epochs.
  case cosineAnnealing(base: Double, minimum: Double, period: Int)

  /// - Parameter epoch: epochs completed, from 0. Past the period, the cosine rises again, as PyTorch's does.
  public func rate(epoch: Int) -> Double {
    switch self {
    case .constant(let rate): rate
    case .cosineAnnealing(let base, let minimum, let period):
      minimum + (base - minimum) * (1 + cos(.pi * Double(epoch) / Double(max(period, 1)))) / 2
    }
  }
}
