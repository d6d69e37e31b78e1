import Glibc

/// SplitMix64 (Steele, Lea and Flood 2014): a counter through a mixing function, the same on every machine.
public struct RandomStream: RandomNumberGenerator {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

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
