import CSentryKernels

@inline(__always) func normReluPool<A: Element>(
  _: A.Type, _ outputs: Int, _ channels: Int, _ top: Stored, _ bottom: Stored, _ stride: Int, _ scale: Source,
  _ shift: Source, _ out: Stored
) {
  var output = 0
  while output < outputs {
    let (source, target) = (output * 2 * stride, output * channels)
    var channel = 0
    while channel < channels {
      let (s, h, at) = (load(scale + channel), load(shift + channel), source + channel)
      let left = relu(fused(A.load(top, at), s, h)) + relu(fused(A.load(bottom, at), s, h))
      let right = relu(fused(A.load(top, at + stride), s, h)) + relu(fused(A.load(bottom, at + stride), s, h))
      A.store((left + right) * 0.25, out, target + channel)
      channel += 16
    }
    output += 1
  }
}

@inline(__always) func normReluPoolGradient<A: Element>(
  _: A.Type, _ outputs: Int, _ channels: Int, _ dout: Source, _ top: Stored, _ bottom: Stored, _ gTop: Target,
  _ gBottom: Target, _ stride: Int, _ mean: Source, _ scale: Source, _ shift: Source, _ factor: Source,
  _ partialSum: Target, _ partialProducts: Target
) {
  var channel = 0
  while channel < channels {
    let (m, s, h) = (load(mean + channel), load(scale + channel), load(shift + channel))
    let weight = load(factor + channel)
    var (total, product) = (load(partialSum + channel), load(partialProducts + channel))
    var (upstream, offset, output) = (dout + channel, channel, 0)
    while output < outputs {
      let d = load(upstream) * 0.25
      // The four inputs, written out: a loop over pointers would need an array.
      poolInput(d, A.load(top, offset), gTop + offset, m, s, h, weight, &total, &product)
      poolInput(d, A.load(top, offset + stride), gTop + offset + stride, m, s, h, weight, &total, &product)
      poolInput(d, A.load(bottom, offset), gBottom + offset, m, s, h, weight, &total, &product)
      poolInput(d, A.load(bottom, offset + stride), gBottom + offset + stride, m, s, h, weight, &total, &product)
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
  _ upstream: Lanes, _ value: Lanes, _ g: Target, _ mean: Lanes, _ scale: Lanes, _ shift: Lanes, _ weight: Lanes,
  _ total: inout Lanes, _ product: inout Lanes
) {
  let d = reluBackward(upstream, by: fused(value, scale, shift))
  total += d
  product = fused(d, value - mean, product)
  store(weight * d, g)
}

@inline(__always) func normReluMean<A: Element>(
  _: A.Type, _ pixels: Int, _ channels: Int, _ x: sentry_view, _ scale: Source, _ shift: Source, _ weight: Float,
  _ out: Target
) {
  var channel = 0
  while channel < channels {
    let (s, h) = (load(scale + channel), load(shift + channel))
    var (source, pixel, total) = (channel / 16 * x.group, 0, Lanes(repeating: 0))
    while pixel < pixels {
      total += relu(fused(A.load(x.data, source), s, h))
      source += x.pixel
      pixel += 1
    }
    store(total * weight, out + channel)
    channel += 16
  }
}

@inline(__always) func normReluMeanGradient<A: Element>(
  _: A.Type, _ pixels: Int, _ channels: Int, _ dout: Source, _ weight: Float, _ x: sentry_view, _ mean: Source,
  _ scale: Source, _ shift: Source, _ factor: Source, _ g: sentry_view, _ sum: Sums, _ products: Sums
) {
  var channel = 0
  while channel < channels {
    let (s, h, gradientFactor) = (load(scale + channel), load(shift + channel), load(factor + channel))
    let upstream = load(dout + channel) * weight
    var (source, target, pixel) = (channel / 16 * x.group, channel / 16 * g.group, 0)
    var sums = GradientSums(about: load(mean + channel))
    while pixel < pixels {
      let value = A.load(x.data, source)
      let d = reluBackward(upstream, by: fused(value, s, h))
      sums.add(d, value)
      Single.store(gradientFactor * d, g.data, target)
      source += x.pixel
      target += g.pixel
      pixel += 1
    }
    sums.flush(into: sum + channel, products + channel)
    channel += 16
  }
}
