/// How far confidence and accuracy lie apart, in bins of equal width that are closed above (Naeini, Cooper and Hauskrecht 2015; Guo
/// et al. 2017). Host and engine share it, because one may not link the other.
package struct CalibrationBins: Sendable {
  package static let usualCount = 15

  /// The samples whose confidence lies in a bin.
  package struct Bin: Sendable {
    package fileprivate(set) var count = 0
    package fileprivate(set) var hits = 0
    fileprivate var sum = 0.0

    /// The mean of the confidence; nil without samples.
    package var confidence: Double? { count > 0 ? sum / Double(count) : nil }
    /// The share of hits; nil without samples.
    package var accuracy: Double? { count > 0 ? Double(hits) / Double(count) : nil }
    /// The distance between both; 0 without samples.
    package var gap: Double { abs((accuracy ?? 0) - (confidence ?? 0)) }
  }

  package private(set) var bins: [Bin]

  package init(count: Int = CalibrationBins.usualCount) { bins = .init(repeating: Bin(), count: count) }

  /// The lower edge of bin `index`, which is the upper edge of the bin before.
  package func edge(_ index: Int) -> Double { Double(index) / Double(bins.count) }

  /// - Parameter confidence: the probability of the predicted class, 0 to 1.
  package mutating func add(_ confidence: Double, isHit: Bool) {
    let bin = (0..<bins.count).first { confidence <= edge($0 + 1) } ?? bins.count - 1
    bins[bin].count += 1
    bins[bin].sum += confidence
    bins[bin].hits += isHit ? 1 : 0
  }

  /// Σ count / n · |accuracy − confidence|, 0 to 1; nil without samples.
  package var expectedError: Double? {
    let total = bins.reduce(0) { $0 + $1.count }
    return total > 0 ? bins.reduce(0) { $0 + Double($1.count) * $1.gap } / Double(total) : nil
  }

  /// The largest |accuracy − confidence| of a bin.
  package var maximumError: Double { bins.map(\.gap).max() ?? 0 }
}
