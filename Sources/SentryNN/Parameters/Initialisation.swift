import Glibc
import SentryBase

/// The numbers that parameters start from: two ways of drawing, fixed because seeded networks must come out the same again.
public struct RandomStream: RandomNumberGenerator {
  private var generator: SplitMix64

  public init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  public mutating func next() -> UInt64 { generator.next() }

  /// 24 random bits: uniform in 0 ..< 1.
  public mutating func uniform() -> Double { Double(next() >> 40) * 0x1p-24 }

  /// Standard normal, by Box and Muller.
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }
}

extension Parameter {
  public func fill(_ constant: Float) { value.update(repeating: constant, count: count) }

  /// He et al. 2015 for ReLU: normal with deviation √(2 / fan-in).
  public func fillKaimingNormal(_ random: inout RandomStream) {
    let deviation = (2 / Double(shape.dropFirst().reduce(1, *))).squareRoot()
    for index in 0..<count { value[index] = Float(random.normal() * deviation) }
  }

  /// Uniform within ±1/√fan-in, as PyTorch's Linear begins.
  public func fillUniform(fanIn: Int, _ random: inout RandomStream) {
    let bound = 1 / Double(fanIn).squareRoot()
    for index in 0..<count { value[index] = Float((2 * random.uniform() - 1) * bound) }
  }
}

extension Parameter {
  /// He et al. 2015 in PyTorch's mode fan_out: normal with deviation √(2 / (outputs · kernel)).
  public func fillKaimingNormalFanOut(_ random: inout RandomStream) {
    let fanOut = count / max(shape.dropFirst().first ?? 1, 1)
    let deviation = (2 / Double(fanOut)).squareRoot()
    for index in 0..<count { value[index] = Float(random.normal() * deviation) }
  }

  /// Glorot and Bengio 2010: uniform within ± gain · √(6 / (inputs + outputs)), of a matrix.
  public func fillXavierUniform(gain: Double, _ random: inout RandomStream) {
    let bound = gain * (6 / Double(shape.reduce(0, +))).squareRoot()
    for index in 0..<count { value[index] = Float((2 * random.uniform() - 1) * bound) }
  }
}
