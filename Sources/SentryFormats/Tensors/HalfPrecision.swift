/// IEEE 754's binary16. Without the instruction for it, which not every x86-64 has, the library's conversion is a call a number.
enum HalfPrecision {
  /// The same number in 32 bits.
  @inline(__always) static func float(_ bits: UInt16) -> Float {
    let magnitude = UInt32(bits & 0x7FFF) << 13
    let isFinite = bits & 0x7C00 != 0x7C00
    // The exponents' biases are 112 apart; a product also brings the numbers below the smallest normal one to their place.
    let moved = isFinite ? (Float(bitPattern: magnitude) * 0x1p112).bitPattern : magnitude | 0x7F80_0000
    return Float(bitPattern: moved | UInt32(bits & 0x8000) << 16)
  }
}
