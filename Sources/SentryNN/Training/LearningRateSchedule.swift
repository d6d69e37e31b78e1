import Glibc

/// The learning rate of each epoch.
public enum LearningRateSchedule: Sendable {
  case constant(Double)
  /// Loshchilov and Hutter 2017, without restarts: from `base` down to `minimum` within `period` epochs.
  case cosineAnnealing(base: Double, minimum: Double, period: Int)
  /// The same with restarts: `period` epochs to the first, and from each to the next `multiplier` times as many.
  case cosineWarmRestarts(base: Double, minimum: Double, period: Int, multiplier: Int)

  /// - Parameter epoch: epochs completed, from 0. Past the period, the cosine without restarts rises again, as PyTorch's does.
  public func rate(epoch: Int) -> Double {
    switch self {
    case .constant(let rate): return rate
    case .cosineAnnealing(let base, let minimum, let period):
      return Self.cosine(from: base, to: minimum, Double(epoch) / Double(max(period, 1)))
    case .cosineWarmRestarts(let base, let minimum, let period, let multiplier):
      var (length, position) = (max(period, 1), epoch)
      if multiplier <= 1 { position %= length }
      while position >= length {
        position -= length
        let (next, overflow) = length.multipliedReportingOverflow(by: multiplier)
        length = overflow ? .max : next
      }
      return Self.cosine(from: base, to: minimum, Double(position) / Double(length))
    }
  }

  private static func cosine(from base: Double, to minimum: Double, _ share: Double) -> Double {
    minimum + (base - minimum) * (1 + cos(.pi * share)) / 2
  }
}
