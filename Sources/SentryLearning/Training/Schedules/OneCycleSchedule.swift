/// Smith and Topin 2018, with every step: up to the highest rate and down far below the first, both along half a cosine. PyTorch's
/// OneCycleLR with its defaults, but that the momentum stays.
public struct OneCycleSchedule: LearningRateSchedule {
  private static let (firstShare, lastShare) = (1 / 25.0, 1e-4)

  /// The highest rate.
  public let peak: Double
  /// Of the run.
  public let steps: Int
  /// The share of the steps until the peak.
  public let rise: Double

  public init(peak: Double, steps: Int, rise: Double = 0.3) {
    (self.peak, self.steps, self.rise) = (peak, steps, rise)
  }

  public func rate(epoch: Int, step: Int) -> Double {
    let first = peak * Self.firstShare
    let (top, last) = (rise * Double(steps) - 1, Double(steps - 1))
    let position = min(Double(step), last)
    if position <= top { return cosine(from: first, to: peak, top > 0 ? position / top : 1) }
    return cosine(from: peak, to: first * Self.lastShare, last > top ? (position - top) / (last - top) : 1)
  }
}
