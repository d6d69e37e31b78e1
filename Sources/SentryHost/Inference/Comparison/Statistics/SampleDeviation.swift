/// The standard deviation of a sample, with n − 1 (numpy's `std(ddof=1)`).
enum SampleDeviation {
  /// nil for fewer than two values: one says nothing of how far others are from it.
  static func of(_ values: [Double]) -> Double? {
    guard values.count > 1 else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }
}
