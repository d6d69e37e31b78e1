import CSentryKernels

func normRelu(_ pixels: Int, _ channels: Int, _ x: sentry_view, _ scale: Source, _ shift: Source, _ out: sentry_view) {
  let groups = channels / 16
  var pixel = 0
  while pixel < pixels {
    var (source, target) = (x.data + pixel * x.pixel, out.data + pixel * out.pixel)
    var group = 0
    while group < groups {
      let channel = group * 16
      store(relu(fused(load(source), load(scale + channel), load(shift + channel))), target)
      source += x.group
      target += out.group
      group += 1
    }
    pixel += 1
  }
}

func normInputGradient(
  _ pixels: Int, _ channels: Int, _ g: sentry_view, _ x: sentry_view, _ mean: Source, _ a: Source, _ b: Source,
  _ c: Source, _ rectified: CInt, _ out: sentry_view
) {
  let groups = channels / 16
  var pixel = 0
  while pixel < pixels {
    var (gradient, source, target) = (
      g.data + pixel * g.pixel, x.data + pixel * x.pixel, out.data + pixel * out.pixel
    )
    var group = 0
    while group < groups {
      let channel = group * 16
      let value = load(source)
      let centred = fused(value - load(mean + channel), load(b + channel), load(c + channel))
      let result = fused(load(gradient), load(a + channel), centred)
      store(rectified != 0 ? gated(result, by: value) : result, target)
      gradient += g.group
      source += x.group
      target += out.group
      group += 1
    }
    pixel += 1
  }
}

func reluNormGradient(
  _ pixels: Int, _ channels: Int, _ da: sentry_view, _ act: sentry_view, _ x: sentry_view, _ mean: Source,
  _ factor: Source, _ overwrite: CInt, _ g: sentry_view, _ sum: Sums, _ products: Sums
) {
  let groups = channels / 16
  var group = 0
  while group < groups {
    let channel = group * 16
    let (weight, centre) = (load(factor + channel), load(mean + channel))
    var upstream = da.data + group * da.group
    var activation = act.data + group * act.group
    var source = x.data + group * x.group
    var target = g.data + group * g.group
    var pixel = 0
    while pixel < pixels {
      let end = smaller(pixel + flushInterval, pixels)
      var (total, product) = (Lanes(repeating: 0), Lanes(repeating: 0))
      while pixel < end {
        let d = gated(load(upstream), by: load(activation))
        total += d
        product = fused(d, load(source) - centre, product)
        store(overwrite != 0 ? weight * d : fused(weight, d, load(target)), target)
        upstream += da.pixel
        activation += act.pixel
        source += x.pixel
        target += g.pixel
        pixel += 1
      }
      accumulate(total, into: sum + channel)
      accumulate(product, into: products + channel)
    }
    group += 1
  }
}
