import SentryPluginAPI

/// Mean and sum of squared deviations, one frame after the other (Welford, "Note on a method for calculating corrected sums of
/// squares and products", 1962).
public struct FeatureSums: Sendable {
  private var count = 0.0
  private var mean, squares: [Double]

  public init(width: Int) {
    (mean, squares) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width))
  }

  /// - Parameter frames: which of the rows of `values` count; nil: all.
  public mutating func add(_ values: [Float], where frames: [Bool]? = nil) {
    let width = mean.count
    for frame in 0..<values.count / width where frames?[frame] ?? true {
      count += 1
      for feature in 0..<width {
        let value = Double(values[frame * width + feature])
        let deviation = value - mean[feature]
        mean[feature] += deviation / count
        squares[feature] += deviation * (value - mean[feature])
      }
    }
  }

  /// Throws ``PluginError`` (bad data) where nothing was added.
  public func statistics() throws -> FeatureStatistics {
    guard count > 0 else { throw PluginError.badData("no training sequence can be read") }
    return FeatureStatistics(
      mean: mean, std: squares.map { ($0 / count).squareRoot() }, source: "\(Int(count)) frames of training")
  }
}
