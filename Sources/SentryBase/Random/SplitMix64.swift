/// A small generator with 64 bits of state that passes BigCrush (Steele, Lea and Flood, "Fast splittable pseudorandom
/// number generators", 2014): a counter through a mixing function. Equal seeds give equal numbers on every machine and in
/// every version.
@frozen public struct SplitMix64: RandomNumberGenerator, Sendable {
  /// The counter's step, the golden ratio in 64 bits: the number *n* after a seed is `mix(seed &+ n &* increment)`.
  @inlinable public static var increment: UInt64 { 0x9E37_79B9_7F4A_7C15 }

  @usableFromInline var state: UInt64

  @inlinable public init(seed: UInt64) { state = seed }

  @inlinable public mutating func next() -> UInt64 {
    state &+= Self.increment
    return Self.mix(state)
  }

  /// Every bit of the result depends on every bit of `value`.
  @inlinable public static func mix(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
