/// Which temperature a model gets after one was fitted: the fitted one, or the earlier one where the samples do not bear it out.
public struct TemperatureChoice: Sendable, Equatable {
  /// Why the earlier temperature stays.
  public enum Obstacle: Sendable, Equatable {
    /// Fewer labelled samples than ``minimumSamples`` in one of the halves.
    case fewSamples
    /// The likelihood is best beyond the range of temperatures: the samples say only "sharper" or "flatter".
    case bound
    /// The samples that were not fitted became less likely.
    case worse
  }

  /// In each half. The standard error of log T is about 1/√n (the Fisher information of a sample about log T is the variance of its
  /// scaled logits, about 1): with fewer than 30 the temperature is off by a fifth and more, and a classifier that is right nine
  /// times of ten often makes no mistake in them, so that no temperature is best.
  public static let minimumSamples = 30

  /// What the model gets.
  public let temperature: Double
  /// nil where nothing was fitted.
  public let fitted: Double?
  /// nil where the fitted temperature is taken.
  public let obstacle: Obstacle?
  /// Samples with a label for some task.
  public let fittingSamples, judgingSamples: Int

  /// - Parameters:
  ///   - earlier: the temperature of the model as it was trained, or as it was calibrated before.
  ///   - fitting: the logits before any temperature, one set a task over the same samples.
  ///   - judging: the same of other samples.
  /// - Throws: ``NNError`` `.invalidInput` where a logit is not finite.
  public init(earlier: Double, fitting: [LabelledLogits], judging: [LabelledLogits]) throws {
    (fittingSamples, judgingSamples) = (Self.samples(fitting), Self.samples(judging))
    guard min(fittingSamples, judgingSamples) >= Self.minimumSamples else {
      (temperature, fitted, obstacle) = (earlier, nil, .fewSamples)
      return
    }
    let fit = try TemperatureScaling.fit(fitting)
    // As the model will hold it.
    let value = Double(Float(fit.temperature))
    func loss(_ temperature: Double) -> Double {
      TemperatureScaling.negativeLogLikelihood(judging, temperature: temperature) ?? .infinity
    }
    obstacle = fit.isAtBound ? .bound : loss(value) <= loss(earlier) ? nil : .worse
    (temperature, fitted) = (obstacle == nil ? value : earlier, value)
  }

  private static func samples(_ sets: [LabelledLogits]) -> Int {
    (0..<(sets.first?.targets.count ?? 0)).count { row in sets.contains { $0.targets[row] >= 0 } }
  }
}
