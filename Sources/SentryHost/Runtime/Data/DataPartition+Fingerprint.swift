extension DataPartition {
  /// A number for which samples with which targets are on which side: a resumed run must find the same.
  package var fingerprint: UInt64 { validation.fingerprint(train.fingerprint(0)) }
}

extension SampleList {
  /// A number for which samples with which targets these are, and for what was before.
  package func fingerprint(_ before: UInt64) -> UInt64 {
    var hash = Seed.derive(before, "samples", UInt64(split.rawValue), UInt64(count))
    for index in indices {
      hash = SplitMix64.mix(hash &+ UInt64(bitPattern: Int64(index)) &+ SplitMix64.increment)
    }
    for target in targets { hash = SplitMix64.mix(hash &+ UInt64(bitPattern: target) &+ SplitMix64.increment) }
    return hash
  }
}
