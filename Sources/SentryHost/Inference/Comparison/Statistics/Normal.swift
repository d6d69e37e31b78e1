/// Quantiles of the standard normal distribution that the statistics of comparisons need.
enum Normal {
  /// Of 97.5 %: the middle 95 % lie within.
  static let middle95 = 1.959963984540054
  /// Of 80 %, the usual power of a test.
  static let power80 = 0.8416212335729143
}
