import CSentryKernels
import SentryBase

/// Drop-out by a hash of seed, layer and position: neither threads nor order matter, and the backward pass is the same call.
///
/// The position is that in the tensor of the whole batch: where several processes have rows of it, each draws for its rows what one
/// would draw.
public struct Dropout: Sendable {
  /// The probability that an element is dropped.
  public let rate: Float
  private let layer: UInt64

  /// - Parameter layer: a number that sets this layer's stream apart from others under the same seed.
  public init(rate: Float, layer: UInt64) { (self.rate, self.layer) = (rate, layer) }

  /// What a kept element is multiplied with.
  func scale(_ seed: UInt64?) -> Float { seed == nil ? 1 : 1 / (1 - rate) }

  /// The elements `range` of a tensor [groups][batch][width], whose first elements `x` and `out` point at.
  /// - Parameter seed: the step's seed; nil drops nothing.
  func apply(
    _ x: UnsafePointer<Float>, to out: UnsafeMutablePointer<Float>, _ range: Range<Int>, batch: Int, width: Int,
    seed: UInt64?, _ context: ComputeContext
  ) {
    guard let seed, rate > 0 else {
      if x != UnsafePointer(out) { (out + range.lowerBound).update(from: x + range.lowerBound, count: range.count) }
      return
    }
    let key = SplitMix64.mix(SplitMix64.mix(seed) ^ layer)
    func drop(_ range: Range<Int>, from position: Int) {
      context.kernels.dropout(
        range.count, position, key, UInt32(Double(rate) * 0x1p32), scale(seed), x + range.lowerBound,
        out + range.lowerBound)
    }
    guard let share = context.ranks?.share else { return drop(range, from: range.lowerBound) }
    var start = range.lowerBound
    while start < range.upperBound {
      let end = min(range.upperBound, (start / (batch * width) + 1) * batch * width)
      drop(start..<end, from: share.place(of: start, rows: batch, width: width))
      start = end
    }
  }
}
