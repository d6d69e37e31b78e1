import Glibc

/// Draws whose method is fixed here: the standard library may change its own between versions. Data and runs that were made
/// with one of them must come out the same again, so where two ways of drawing the same thing are in use, both stay.
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

  /// Uniform below `bound`, which must be positive (Lemire 2019, with rejection, so without bias).
  public mutating func below(_ bound: Int) -> Int {
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// True with the given probability.
  public mutating func chance(_ probability: Double) -> Bool { uniform(0...1) < probability }

  /// The numbers 0..<count in random order (Fisher and Yates, from the start).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for index in order.indices.dropLast() { order.swapAt(index, uniform(index...count - 1)) }
    return order
  }

  /// Random order, by ``below(_:)`` (Fisher and Yates, from the end).
  public mutating func shuffle<Element>(_ values: inout [Element]) {
    guard values.count > 1 else { return }
    for last in stride(from: values.count - 1, to: 0, by: -1) { values.swapAt(last, below(last + 1)) }
  }

  /// Normally distributed with mean 0 and deviation 1 (Box and Muller, 1958; one of the pair is left).
  public mutating func gaussian() -> Double {
    // 1 − u is never 0, whose logarithm there is none of.
    let radius = (-2 * log(1 - uniform(0...1))).squareRoot()
    return radius * cos(2 * .pi * uniform(0...1))
  }
}
