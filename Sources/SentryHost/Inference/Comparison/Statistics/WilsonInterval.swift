/// The 95 % interval of a share by Wilson's score (Wilson, "Probable inference, the law of succession, and statistical inference",
/// 1927), as statsmodels' `proportion_confint(method="wilson")`.
enum WilsonInterval {
  /// - Parameter share: of `count` samples; a mean of several such shares need not be a whole number of samples.
  /// - Returns: nil without samples.
  static func interval(ofShare share: Double, among count: Int) -> Bootstrap.Interval? {
    guard count > 0 else { return nil }
    let (n, z2) = (Double(count), Normal.middle95 * Normal.middle95)
    let centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    let half = Normal.middle95 / (1 + z2 / n) * (share * (1 - share) / n + z2 / (4 * n * n)).squareRoot()
    return Bootstrap.Interval(low: share <= 0 ? 0 : centre - half, high: share >= 1 ? 1 : centre + half)
  }
}
