/// Lowers the learning rate where a quantity has not improved for a while: `torch.optim.lr_scheduler.ReduceLROnPlateau` with its
/// relative threshold of 1e-4 and no cool-down.
public struct PlateauSchedule: Sendable, Equatable {
  /// An improvement is a change by more than this share of the best value.
  private static let threshold = 1e-4
  /// A change of the rate below this is none.
  private static let smallestChange = 1e-8

  public let factor: Double
  /// Epochs without improvement that are borne; the one after them lowers the rate.
  public let patience: Int
  public let minimum: Double
  /// Whether a lower value is the better one (a loss) or a higher one (an accuracy).
  public let lowerIsBetter: Bool
  public private(set) var rate: Double
  public private(set) var best: Double?
  public private(set) var badEpochs: Int

  public init(
    rate: Double, factor: Double, patience: Int, minimum: Double, lowerIsBetter: Bool, best: Double? = nil,
    badEpochs: Int = 0
  ) {
    (self.rate, self.factor, self.patience, self.minimum) = (rate, factor, patience, minimum)
    (self.lowerIsBetter, self.best, self.badEpochs) = (lowerIsBetter, best, badEpochs)
  }

  /// Takes the value of an epoch; ``rate`` is then that of the next. NaN is no improvement.
  public mutating func observe(_ value: Double) {
    if isBetter(value) { (best, badEpochs) = (value, 0) } else { badEpochs += 1 }
    guard badEpochs > patience else { return }
    badEpochs = 0
    let lower = max(rate * factor, minimum)
    if rate - lower > Self.smallestChange { rate = lower }
  }

  private func isBetter(_ value: Double) -> Bool {
    guard let best else { return !value.isNaN }
    return lowerIsBetter ? value < best * (1 - Self.threshold) : value > best * (1 + Self.threshold)
  }
}
