import Glibc

/// How the learning rate follows from how far a run is, as the schedule of the same name in `torch.optim.lr_scheduler` has it. A new one is
/// a file with a type of this kind and a case where options are read.
public protocol LearningRateSchedule: Sendable {
  /// - Parameters:
  ///   - epoch: epochs completed, from 0.
  ///   - step: steps of the whole run completed, from 0.
  func rate(epoch: Int, step: Int) -> Double
}

/// The same rate throughout.
public struct ConstantSchedule: LearningRateSchedule {
  public let base: Double

  public init(_ base: Double) { self.base = base }

  public func rate(epoch: Int, step: Int) -> Double { base }
}

/// Half a cosine from one rate to another: of `share` 0 the first, of 1 the second.
func cosine(from first: Double, to second: Double, _ share: Double) -> Double {
  second + (first - second) * (1 + cos(.pi * share)) / 2
}
