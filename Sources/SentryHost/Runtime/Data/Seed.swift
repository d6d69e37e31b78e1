/// Seeds for everything that is random in a run: functions of the run's seed, a stream's name and numbers, and of nothing
/// else, so that neither the number of threads nor an interruption changes what is drawn.
package enum Seed {
  /// FNV-1a (64 bit) over the little-endian bytes of the arguments, then the finaliser of SplitMix64, because FNV alone
  /// leaves neighbouring numbers similar.
  package static func derive(_ seed: UInt64, _ stream: String, _ numbers: UInt64...) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func absorb(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    func absorb(_ word: UInt64) {
      for shift in stride(from: UInt64(0), to: 64, by: 8) { absorb(UInt8(truncatingIfNeeded: word >> shift)) }
    }
    absorb(seed)
    for byte in stream.utf8 { absorb(byte) }
    absorb(UInt8(0))
    for number in numbers { absorb(number) }
    return SplitMix64.mix(hash)
  }
}

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). Shuffles and draws are written out
/// here instead of left to the standard library, whose algorithms may change between compilers.
package struct SplitMix64: Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return Self.mix(state)
  }

  /// Uniform below `bound`, which must be positive (Lemire 2019, with rejection, so without bias).
  package mutating func below(_ bound: Int) -> Int {
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// Fisher-Yates, from the end.
  package mutating func shuffle<Element>(_ values: inout [Element]) {
    guard values.count > 1 else { return }
    for last in stride(from: values.count - 1, to: 0, by: -1) { values.swapAt(last, below(last + 1)) }
  }
}
