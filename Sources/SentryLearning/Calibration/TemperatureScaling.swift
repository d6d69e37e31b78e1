/// Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", 2017: one number, the temperature, by which all
/// logits are divided, fitted so that the negative log likelihood is least. The order of the classes stays.
public enum TemperatureScaling {
  public struct Fit: Sendable, Equatable {
    public var temperature: Double
    /// The likelihood is best beyond the range: as for samples that are all judged rightly, which ask for ever sharper answers.
    public var isAtBound: Bool
    public var iterations: Int
  }

  /// Where a temperature makes sense.
  public static let range = 0.01...100.0

  /// Newton's method on the sharpness β = 1/T, in which the negative log likelihood is convex, kept within a shrinking bracket
  /// (rtsafe of Numerical Recipes).
  /// - Parameter sets: one a task; every labelled sample of each counts the same.
  /// - Throws: ``NNError`` `.invalidInput` where nothing is labelled or a logit is not finite.
  public static func fit(_ sets: [LabelledLogits]) throws -> Fit {
    guard sets.contains(where: { $0.labelledCount > 0 }) else {
      throw NNError(.invalidInput, "no labelled sample to fit a temperature to", hint: "bring more labels")
    }
    guard sets.allSatisfy({ $0.logits.allSatisfy(\.isFinite) }) else {
      throw NNError(.invalidInput, "logits that are not finite", hint: "the training has diverged")
    }
    var (low, high) = (1 / range.upperBound, 1 / range.lowerBound)
    if slope(of: sets, at: low).first >= 0 {
      return Fit(temperature: range.upperBound, isAtBound: true, iterations: 0)
    }
    if slope(of: sets, at: high).first <= 0 {
      return Fit(temperature: range.lowerBound, isAtBound: true, iterations: 0)
    }
    var sharpness = 1.0
    for iteration in 1...100 {
      let (first, second) = slope(of: sets, at: sharpness)
      if first < 0 { low = sharpness } else { high = sharpness }
      let newton = sharpness - first / second
      let next = newton > low && newton < high ? newton : (low + high) / 2
      let change = abs(next - sharpness)
      sharpness = next
      if change <= 1e-12 * sharpness { return Fit(temperature: 1 / sharpness, isAtBound: false, iterations: iteration) }
    }
    return Fit(temperature: 1 / sharpness, isAtBound: false, iterations: 100)
  }

  /// The mean negative log likelihood of the labelled samples; nil where there are none.
  public static func negativeLogLikelihood(_ sets: [LabelledLogits], temperature: Double) -> Double? {
    var (sum, count) = (0.0, 0)
    for set in sets {
      for (row, target) in set.targets.enumerated() where target >= 0 {
        let logit = Double(set.logits[row * set.classes + Int(target)])
        sum += set.moments(row: row, sharpness: 1 / temperature).logNormaliser - logit / temperature
        count += 1
      }
    }
    return count > 0 ? sum / Double(count) : nil
  }

  /// The first two derivatives of the negative log likelihood by the sharpness.
  private static func slope(of sets: [LabelledLogits], at sharpness: Double) -> (first: Double, second: Double) {
    var (first, second) = (0.0, 0.0)
    for set in sets {
      for (row, target) in set.targets.enumerated() where target >= 0 {
        let moments = set.moments(row: row, sharpness: sharpness)
        first += moments.mean - Double(set.logits[row * set.classes + Int(target)])
        second += moments.variance
      }
    }
    return (first, second)
  }
}
