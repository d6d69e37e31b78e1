import CSentryKernels

/// Sums about a value of the channel itself, as ``statistics(_:_:_:_:_:_:)`` of wide maps takes them.
func imageStatistics(_ pixels: Int, _ channels: Int, _ x: Source, _ sum: Sums, _ squares: Sums) {
  var channel = 0
  while channel < channels {
    var (source, pixel) = (x + channel, 0)
    while pixel < pixels {
      let (start, end) = (pixel, smaller(pixel + flushInterval, pixels))
      let centre = loadHalf(source)
      var (total, square) = (HalfLanes(repeating: 0), HalfLanes(repeating: 0))
      while pixel < end {
        let value = loadHalf(source) - centre
        total += value
        square = fused(value, value, square)
        source += channels
        pixel += 1
      }
      let (c, s, n) = (sentry_widen8(centre), sentry_widen8(total), Double(end - start))
      accumulate(s + c * n, into: sum + channel)
      accumulate(sentry_widen8(square) + (s * 2 + c * n) * c, into: squares + channel)
    }
    channel += 8
  }
}

@inline(__always) private func normActivation<A: Activation>(
  _: A.Type, _ pixels: Int, _ channels: Int, _ x: Source, _ scale: Source, _ shift: Source, _ out: Target
) {
  var (source, target, pixel) = (x, out, 0)
  while pixel < pixels {
    var channel = 0
    while channel < channels {
      let value = fused(loadHalf(source + channel), loadHalf(scale + channel), loadHalf(shift + channel))
      store(A.value(value), target + channel)
      channel += 8
    }
    source += channels
    target += channels
    pixel += 1
  }
}

func normActivation(
  _ pixels: Int, _ channels: Int, _ x: Source, _ scale: Source, _ shift: Source, _ f: CInt, _ out: Target
) {
  switch Int(f) {
  case SENTRY_RELU: normActivation(Rectifier.self, pixels, channels, x, scale, shift, out)
  case SENTRY_HARD_SWISH: normActivation(HardSwish.self, pixels, channels, x, scale, shift, out)
  default: normActivation(Identity.self, pixels, channels, x, scale, shift, out)
  }
}

@inline(__always) private func normActivationGradient<A: Activation>(
  _: A.Type, _ pixels: Int, _ channels: Int, _ d: Target, _ x: Source, _ scale: Source, _ shift: Source,
  _ mean: Source, _ factor: Source, _ sum: Sums, _ products: Sums
) {
  var channel = 0
  while channel < channels {
    let (s, h, m) = (loadHalf(scale + channel), loadHalf(shift + channel), loadHalf(mean + channel))
    let weight = loadHalf(factor + channel)
    var (source, gradient, pixel) = (x + channel, d + channel, 0)
    while pixel < pixels {
      let end = smaller(pixel + flushInterval, pixels)
      var (total, product) = (HalfLanes(repeating: 0), HalfLanes(repeating: 0))
      while pixel < end {
        let value = loadHalf(source)
        let slope = A.backward(loadHalf(gradient), at: fused(value, s, h))
        total += slope
        product = fused(slope, value - m, product)
        store(weight * slope, gradient)
        source += channels
        gradient += channels
        pixel += 1
      }
      accumulate(total, into: sum + channel)
      accumulate(product, into: products + channel)
    }
    channel += 8
  }
}

func normActivationGradient(
  _ pixels: Int, _ channels: Int, _ d: Target, _ x: Source, _ scale: Source, _ shift: Source, _ mean: Source,
  _ factor: Source, _ f: CInt, _ sum: Sums, _ products: Sums
) {
  switch Int(f) {
  case SENTRY_RELU:
    normActivationGradient(Rectifier.self, pixels, channels, d, x, scale, shift, mean, factor, sum, products)
  case SENTRY_HARD_SWISH:
    normActivationGradient(HardSwish.self, pixels, channels, d, x, scale, shift, mean, factor, sum, products)
  default: normActivationGradient(Identity.self, pixels, channels, d, x, scale, shift, mean, factor, sum, products)
  }
}

func imageNormInputGradient(
  _ pixels: Int, _ channels: Int, _ d: Target, _ x: Source, _ mean: Source, _ a: Source, _ b: Source, _ c: Source
) {
  var (source, gradient, pixel) = (x, d, 0)
  while pixel < pixels {
    var channel = 0
    while channel < channels {
      let centred = loadHalf(source + channel) - loadHalf(mean + channel)
      let rest = fused(centred, loadHalf(b + channel), loadHalf(c + channel))
      store(fused(loadHalf(gradient + channel), loadHalf(a + channel), rest), gradient + channel)
      channel += 8
    }
    source += channels
    gradient += channels
    pixel += 1
  }
}
