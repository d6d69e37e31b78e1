import Glibc

/// A small generator with 64 bits of state that passes BigCrush (Steele, Lea and Flood, "Fast splittable pseudorandom
/// number generators", 2014). Equal seeds give equal numbers on every machine and in every version.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// Draws whose method is fixed here: the standard library may change its own between versions.
extension RandomNumberGenerator {
  /// Uniform in [range.lowerBound, range.upperBound).
  public mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    let unit = Double(next() >> 11) * 0x1p-53
    return range.lowerBound + unit * (range.upperBound - range.lowerBound)
  }

  /// Uniform among the integers of the range, which holds far fewer than 2⁶⁴ (the bias is its size in 2⁶⁴).
  public mutating func uniform(_ range: ClosedRange<Int>) -> Int {
    let count = UInt64(range.upperBound - range.lowerBound) + 1
    return range.lowerBound + Int(next().multipliedFullWidth(by: count).high)
  }

  /// True with the given probability.
  public mutating func chance(_ probability: Double) -> Bool { uniform(0...1) < probability }

  /// The numbers 0..<count in random order (Fisher and Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for index in order.indices.dropLast() { order.swapAt(index, uniform(index...count - 1)) }
    return order
  }

  /// Normally distributed with mean 0 and deviation 1 (Box and Muller, 1958; one of the pair is left).
  public mutating func gaussian() -> Double {
    // 1 − u is never 0, whose logarithm there is none of.
    let radius = (-2 * log(1 - uniform(0...1))).squareRoot()
    return radius * cos(2 * .pi * uniform(0...1))
  }
}
