import Glibc

/// The exact test of McNemar (Psychometrika 1947) for two models on the same samples: of the samples on which only one of them is
/// right, as many should be either's. As statsmodels' `mcnemar(exact=True)`.
package struct McNemarTest: Sendable, Equatable {
  /// Samples on which only the first model is right, and only the other one.
  package let onlyFirst, onlyOther: Int
  /// Two-sided: twice the binomial tail, at most 1.
  package let pValue: Double

  package init(onlyFirst: Int, onlyOther: Int) {
    (self.onlyFirst, self.onlyOther) = (onlyFirst, onlyOther)
    pValue = min(1, 2 * Self.tail(min(onlyFirst, onlyOther), of: onlyFirst + onlyOther))
  }

  /// The probability of at most `hits` heads among `count` tosses of a fair coin.
  private static func tail(_ hits: Int, of count: Int) -> Double {
    guard 2 * hits < count else { return 1 }
    let (k, n) = (Double(hits), Double(count))
    let last = exp(logFactorial(n) - logFactorial(k) - logFactorial(n - k) - n * log(2))
    // From the largest term down, each by its ratio to the one before.
    var (term, sum) = (1.0, 1.0)
    for number in stride(from: hits, to: 0, by: -1) {
      term *= Double(number) / Double(count - number + 1)
      guard term > 1e-20 * sum else { break }
      sum += term
    }
    return last * sum
  }

  private static func logFactorial(_ number: Double) -> Double {
    var sign: Int32 = 0
    return lgamma_r(number + 1, &sign)
  }
}
