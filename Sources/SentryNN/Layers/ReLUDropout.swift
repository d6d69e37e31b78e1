import SentryBase

/// ReLU followed by dropout, in place, and its backward pass.
///
/// An element is dropped by a hash of seed, layer and position (counter-based): neither threads nor order matter.
public struct ReLUDropout: Sendable {
  /// The probability that an element is dropped.
  public let rate: Float
  private let layer: UInt64

  /// - Parameter layer: a number that sets this layer's stream apart from others under the same seed.
  public init(rate: Float, layer: UInt64) { (self.rate, self.layer) = (rate, layer) }

  /// - Parameters:
  ///   - seed: the step's seed; nil drops nothing.
  ///   - first: the place of the first element in the tensor of the whole batch.
  public func forward(_ values: UnsafeMutablePointer<Float>, count: Int, seed: UInt64?, first: Int = 0) {
    for index in 0..<count where values[index] < 0 { values[index] = 0 }
    guard let seed, rate > 0 else { return }
    let stream = SplitMix64.mix(SplitMix64.mix(seed) ^ layer)
    let (scale, limit) = (1 / (1 - rate), UInt64(Double(rate) * 0x1p24))
    for index in 0..<count {
      let bits = SplitMix64.mix(stream &+ UInt64(first + index) &* SplitMix64.increment) >> 40
      values[index] = bits < limit ? 0 : values[index] * scale
    }
  }

  /// `gradient` in place, from the outputs of ``forward(_:count:seed:)``: what is zero there was cut or dropped.
  public func backward(
    _ gradient: UnsafeMutablePointer<Float>, outputs: UnsafePointer<Float>, count: Int, seed: UInt64?
  ) {
    let scale = seed == nil ? 1 : 1 / (1 - rate)
    for index in 0..<count { gradient[index] = outputs[index] > 0 ? gradient[index] * scale : 0 }
  }
}
