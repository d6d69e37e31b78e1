import SentryBase

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
