import SentryPluginAPI

enum ClassWeights {
  /// Weights ∝ 1/count with mean 1 over the classes that occur. A class without samples weighs 0: no target names it, and
  /// label smoothing should not pull towards what training never shows.
  static func inverse(counts: [Int]) -> [Float] {
    let inverse = counts.map { $0 > 0 ? 1 / Double($0) : 0 }
    let occurring = counts.count { $0 > 0 }
    let mean = inverse.reduce(0, +) / Double(max(occurring, 1))
    return inverse.map { Float(mean > 0 ? $0 / mean : 0) }
  }
}
