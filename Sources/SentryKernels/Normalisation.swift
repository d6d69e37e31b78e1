import CSentryKernels

@inline(__always) func normRelu<A: Element>(
  _: A.Type, _ pixels: Int, _ channels: Int, _ x: sentry_view, _ scale: Source, _ shift: Source, _ out: sentry_view
) {
  var pixel = 0
  while pixel < pixels {
    var (source, target, channel) = (pixel * x.pixel, pixel * out.pixel, 0)
    while channel < channels {
      let value = fused(A.load(x.data, source), load(scale + channel), load(shift + channel))
      A.store(relu(value), out.data, target)
      source += x.group
      target += out.group
      channel += 16
    }
    pixel += 1
  }
}

@inline(__always) func normInputGradient<A: Element>(
  _: A.Type, _ pixels: Int, _ channels: Int, _ g: sentry_view, _ x: sentry_view, _ mean: Source, _ a: Source,
  _ b: Source, _ c: Source, _ relu: CInt, _ out: sentry_view
) {
  var pixel = 0
  while pixel < pixels {
    var (gradient, source, target, channel) = (pixel * g.pixel, pixel * x.pixel, pixel * out.pixel, 0)
    while channel < channels {
      let value = A.load(x.data, source)
      let centred = fused(value - load(mean + channel), load(b + channel), load(c + channel))
      let result = fused(Single.load(g.data, gradient), load(a + channel), centred)
      A.store(relu != 0 ? reluBackward(result, by: value) : result, out.data, target)
      gradient += g.group
      source += x.group
      target += out.group
      channel += 16
    }
    pixel += 1
  }
}

@inline(__always) func reluNormGradient<A: Element>(
  _: A.Type, _ pixels: Int, _ channels: Int, _ da: sentry_view, _ act: sentry_view, _ x: sentry_view, _ mean: Source,
  _ factor: Source, _ overwrite: CInt, _ g: sentry_view, _ sum: Sums, _ products: Sums
) {
  var channel = 0
  while channel < channels {
    let group = channel / 16
    var (upstream, activation) = (group * da.group, group * act.group)
    var (source, target) = (group * x.group, group * g.group)
    let weights = (load(factor + channel), load(factor + channel + 16))
    var pixel = 0
    while pixel < pixels {
      let end = smaller(pixel + flushInterval, pixels)
      var low = GradientSums(about: load(mean + channel))
      var high = GradientSums(about: load(mean + channel + 16))
      while pixel < end {
        let first = reluBackward(Single.load(da.data, upstream), by: A.load(act.data, activation))
        let second = reluBackward(
          Single.load(da.data, upstream + da.group), by: A.load(act.data, activation + act.group))
        low.add(first, A.load(x.data, source))
        high.add(second, A.load(x.data, source + x.group))
        if overwrite != 0 {
          Single.store(weights.0 * first, g.data, target)
          Single.store(weights.1 * second, g.data, target + g.group)
        } else {
          Single.store(fused(weights.0, first, Single.load(g.data, target)), g.data, target)
          Single.store(fused(weights.1, second, Single.load(g.data, target + g.group)), g.data, target + g.group)
        }
        upstream += da.pixel
        activation += act.pixel
        source += x.pixel
        target += g.pixel
        pixel += 1
      }
      low.flush(into: sum + channel, products + channel)
      high.flush(into: sum + channel + 16, products + channel + 16)
    }
    channel += 32
  }
}

/// Sixteen channels on their way back through ReLU and batch norm: Σd and Σd·(x − mean) of what the ReLU lets through.
private struct NormColumn {
  let factor: Lanes
  private let (scale, shift, mean): (Lanes, Lanes, Lanes)
  private var (total, product) = (Lanes(repeating: 0), Lanes(repeating: 0))

  @inline(__always) init(_ channel: Int, _ scale: Source, _ shift: Source, _ mean: Source, _ factor: Source) {
    self.scale = load(scale + channel)
    self.shift = load(shift + channel)
    self.mean = load(mean + channel)
    self.factor = load(factor + channel)
  }

  /// `upstream` where the ReLU let `x` through. Its input is made again: reading what came out of it would cost memory's time.
  @inline(__always) mutating func pass(_ upstream: Lanes, _ x: Lanes) -> Lanes {
    let d = reluBackward(upstream, by: fused(x, scale, shift))
    total += d
    product = fused(d, x - mean, product)
    return d
  }

  @inline(__always) func flush(into sum: Sums, _ products: Sums) {
    accumulate(total, into: sum)
    accumulate(product, into: products)
  }
}

@inline(__always) func normReluGradient<A: Element>(
  _: A.Type, _ pixels: Int, _ channels: Int, _ da: sentry_view, _ x: sentry_view, _ scale: Source, _ shift: Source,
  _ mean: Source, _ factor: Source, _ overwrite: CInt, _ g: sentry_view, _ sum: Sums, _ products: Sums
) {
  var channel = 0
  while channel < channels {
    let group = channel / 16
    var (upstream, source, target) = (group * da.group, group * x.group, group * g.group)
    var pixel = 0
    while pixel < pixels {
      let end = smaller(pixel + flushInterval, pixels)
      var low = NormColumn(channel, scale, shift, mean, factor)
      var high = NormColumn(channel + 16, scale, shift, mean, factor)
      while pixel < end {
        let first = low.pass(Single.load(da.data, upstream), A.load(x.data, source))
        let second = high.pass(Single.load(da.data, upstream + da.group), A.load(x.data, source + x.group))
        if overwrite != 0 {
          Single.store(low.factor * first, g.data, target)
          Single.store(high.factor * second, g.data, target + g.group)
        } else {
          Single.store(fused(low.factor, first, Single.load(g.data, target)), g.data, target)
          Single.store(fused(high.factor, second, Single.load(g.data, target + g.group)), g.data, target + g.group)
        }
        upstream += da.pixel
        source += x.pixel
        target += g.pixel
        pixel += 1
      }
      low.flush(into: sum + channel, products + channel)
      high.flush(into: sum + channel + 16, products + channel + 16)
    }
    channel += 32
  }
}
