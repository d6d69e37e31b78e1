import CSentryKernels
import SentryBase

/// Drop-out by a hash of seed, layer and position: neither threads nor order matter, and the backward pass is the same call.
public struct Dropout: Sendable {
  /// The probability that an element is dropped.
  public let rate: Float
  private let layer: UInt64

  /// - Parameter layer: a number that sets this layer's stream apart from others under the same seed.
  public init(rate: Float, layer: UInt64) { (self.rate, self.layer) = (rate, layer) }

  /// What a kept element is multiplied with.
  func scale(_ seed: UInt64?) -> Float { seed == nil ? 1 : 1 / (1 - rate) }

  /// The elements `range` of a tensor, whose first elements `x` and `out` point at.
  /// - Parameter seed: the step's seed; nil drops nothing.
  func apply(
    _ x: UnsafePointer<Float>, to out: UnsafeMutablePointer<Float>, _ range: Range<Int>, seed: UInt64?,
    _ kernels: sentry_kernels
  ) {
    guard let seed, rate > 0 else {
      if x != UnsafePointer(out) { (out + range.lowerBound).update(from: x + range.lowerBound, count: range.count) }
      return
    }
    let key = SplitMix64.mix(SplitMix64.mix(seed) ^ layer)
    kernels.dropout(
      range.count, range.lowerBound, key, UInt32(Double(rate) * 0x1p32), scale(seed), x + range.lowerBound,
      out + range.lowerBound)
  }
}
