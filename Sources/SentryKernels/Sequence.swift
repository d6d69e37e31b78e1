import CSentryKernels

func normAddRelu(
  _ pixels: Int, _ channels: Int, _ x: sentry_view, _ scale: Source, _ shift: Source, _ residual: sentry_view,
  _ out: sentry_view
) {
  var pixel = 0
  while pixel < pixels {
    var (source, other, target, channel) = (pixel * x.pixel, pixel * residual.pixel, pixel * out.pixel, 0)
    while channel < channels {
      let value = fused(Single.load(x.data, source), load(scale + channel), load(shift + channel))
      Single.store(relu(value + Single.load(residual.data, other)), out.data, target)
      source += x.group
      other += residual.group
      target += out.group
      channel += 16
    }
    pixel += 1
  }
}

func reluBackward(_ count: Int, _ d: Source, _ act: Source, _ out: Target) {
  var index = 0
  while index + 16 <= count {
    store(reluBackward(load(d + index), by: load(act + index)), out + index)
    index += 16
  }
  while index < count {
    out[index] = act[index] > 0 ? d[index] : 0
    index += 1
  }
}

typealias Words = SIMD16<UInt32>

/// Two rounds of the finaliser of MurmurHash3 (Appleby), each behind half of the key: a counter becomes 32 random bits.
@inline(__always) private func hashed(_ position: Words, _ low: UInt32, _ high: UInt32) -> Words {
  mixed(mixed(position ^ Words(repeating: low)) ^ Words(repeating: high))
}

@inline(__always) private func mixed(_ value: Words) -> Words {
  var h = value
  h = (h ^ (h &>> Words(repeating: 16))) &* Words(repeating: 0x85EB_CA6B)
  h = (h ^ (h &>> Words(repeating: 13))) &* Words(repeating: 0xC2B2_AE35)
  return h ^ (h &>> Words(repeating: 16))
}

func dropout(
  _ count: Int, _ first: Int, _ key: UInt64, _ limit: UInt32, _ scale: Float, _ x: Source, _ out: Target
) {
  let (low, high) = (UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key &>> 32))
  var position =
    Words(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) &+ Words(repeating: UInt32(truncatingIfNeeded: first))
  var index = 0
  while index + 16 <= count {
    let kept = load(x + index) * scale
    let dropped = hashed(position, low, high) .< Words(repeating: limit)
    store(kept.replacing(with: Lanes(repeating: 0), where: dropped), out + index)
    position &+= Words(repeating: 16)
    index += 16
  }
  let bits = hashed(position, low, high)
  var lane = 0
  while index < count {
    out[index] = bits[lane] < limit ? 0 : x[index] * scale
    index += 1
    lane += 1
  }
}
