extension DataPartition {
  /// A number for which samples with which targets are on which side: a resumed run must find the same.
  var fingerprint: UInt64 {
    var hash: UInt64 = 0
    for list in [train, validation] {
      hash = Seed.derive(hash, "samples", UInt64(list.split.rawValue), UInt64(list.count))
      for index in list.indices {
        hash = SplitMix64.mix(hash &+ UInt64(bitPattern: Int64(index)) &+ 0x9e37_79b9_7f4a_7c15)
      }
      for target in list.targets { hash = SplitMix64.mix(hash &+ UInt64(bitPattern: target) &+ 0x9e37_79b9_7f4a_7c15) }
    }
    return hash
  }
}
