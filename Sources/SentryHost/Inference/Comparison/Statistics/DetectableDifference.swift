/// The smallest difference of two accuracies that a test set would show: at a level of 5 %, two-sided, with a power of 80 %, by the
/// sample size of McNemar's test (Connor, "Sample size for testing differences in proportions for the paired-sample design",
/// Biometrics 1987).
enum DetectableDifference {
  /// - Parameters:
  ///   - discordance: the share of samples on which only one of the two models is right.
  ///   - count: samples.
  /// - Returns: nil where not even the largest difference that the discordance allows would be shown.
  static func smallest(discordance: Double, count: Int) -> Double? {
    guard discordance > 0, samplesNeeded(discordance, discordance) <= Double(count) else { return nil }
    var (low, high) = (0.0, discordance)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if samplesNeeded(middle, discordance) <= Double(count) { high = middle } else { low = middle }
    }
    return high
  }

  private static func samplesNeeded(_ difference: Double, _ discordance: Double) -> Double {
    let null = Normal.middle95 * discordance.squareRoot()
    let alternative = Normal.power80 * max(0, discordance - difference * difference).squareRoot()
    let root = (null + alternative) / difference
    return root * root
  }
}
