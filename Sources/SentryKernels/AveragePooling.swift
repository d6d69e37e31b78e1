import CSentryKernels

func normReluPool(
  _ outputs: Int, _ channels: Int, _ top: Source, _ bottom: Source, _ stride: Int, _ scale: Source, _ shift: Source,
  _ out: Target
) {
  var output = 0
  while output < outputs {
    let (upper, lower, target) = (top + output * 2 * stride, bottom + output * 2 * stride, out + output * channels)
    var channel = 0
    while channel < channels {
      let (s, h) = (load(scale + channel), load(shift + channel))
      let left = relu(fused(load(upper + channel), s, h)) + relu(fused(load(lower + channel), s, h))
      let right =
        relu(fused(load(upper + stride + channel), s, h)) + relu(fused(load(lower + stride + channel), s, h))
      store((left + right) * 0.25, target + channel)
      channel += 16
    }
    output += 1
  }
}

func normReluPoolGradient(
  _ outputs: Int, _ channels: Int, _ dout: Source, _ top: Source, _ bottom: Source, _ gTop: Target, _ gBottom: Target,
  _ stride: Int, _ mean: Source, _ scale: Source, _ shift: Source, _ factor: Source, _ partialSum: Target,
  _ partialProducts: Target
) {
  var channel = 0
  while channel < channels {
    let (m, s, h) = (load(mean + channel), load(scale + channel), load(shift + channel))
    let weight = load(factor + channel)
    var (total, product) = (load(partialSum + channel), load(partialProducts + channel))
    var (upstream, offset) = (dout + channel, channel)
    var output = 0
    while output < outputs {
      let d = load(upstream) * 0.25
      // The four inputs, written out: a loop over pointers would need an array.
      poolInput(d, top + offset, gTop + offset, m, s, h, weight, &total, &product)
      poolInput(d, top + offset + stride, gTop + offset + stride, m, s, h, weight, &total, &product)
      poolInput(d, bottom + offset, gBottom + offset, m, s, h, weight, &total, &product)
      poolInput(d, bottom + offset + stride, gBottom + offset + stride, m, s, h, weight, &total, &product)
      upstream += channels
      offset += 2 * stride
      output += 1
    }
    store(total, partialSum + channel)
    store(product, partialProducts + channel)
    channel += 16
  }
}

@inline(__always) private func poolInput(
  _ upstream: Lanes, _ x: Source, _ g: Target, _ mean: Lanes, _ scale: Lanes, _ shift: Lanes, _ weight: Lanes,
  _ total: inout Lanes, _ product: inout Lanes
) {
  let value = load(x)
  let d = gated(upstream, by: fused(value, scale, shift))
  total += d
  product = fused(d, value - mean, product)
  store(weight * d, g)
}

func normReluMean(
  _ pixels: Int, _ channels: Int, _ x: sentry_view, _ scale: Source, _ shift: Source, _ weight: Float, _ out: Target
) {
  var channel = 0
  var source = x.data
  while channel < channels {
    let (s, h) = (load(scale + channel), load(shift + channel))
    var total = Lanes(repeating: 0)
    var (pointer, pixel) = (source, 0)
    while pixel < pixels {
      total += relu(fused(load(pointer), s, h))
      pointer += x.pixel
      pixel += 1
    }
    store(total * weight, out + channel)
    source += x.group
    channel += 16
  }
}

func normReluMeanGradient(
  _ pixels: Int, _ channels: Int, _ dout: Source, _ weight: Float, _ x: sentry_view, _ mean: Source, _ scale: Source,
  _ shift: Source, _ factor: Source, _ g: sentry_view, _ sum: Sums, _ products: Sums
) {
  let groups = channels / 16
  var group = 0
  while group < groups {
    let channel = group * 16
    let (s, h, gradientFactor) = (load(scale + channel), load(shift + channel), load(factor + channel))
    let (upstream, centre) = (load(dout + channel) * weight, load(mean + channel))
    var (source, target) = (x.data + group * x.group, g.data + group * g.group)
    var (total, product) = (Lanes(repeating: 0), Lanes(repeating: 0))
    var pixel = 0
    while pixel < pixels {
      let value = load(source)
      let d = gated(upstream, by: fused(value, s, h))
      total += d
      product = fused(d, value - centre, product)
      store(gradientFactor * d, target)
      source += x.pixel
      target += g.pixel
      pixel += 1
    }
    accumulate(total, into: sum + channel)
    accumulate(product, into: products + channel)
    group += 1
  }
}
