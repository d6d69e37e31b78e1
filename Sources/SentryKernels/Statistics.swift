import CSentryKernels

func statistics(_ pixels: Int, _ channels: Int, _ x: sentry_view, _ sum: Sums, _ squares: Sums) {
  let groups = channels / 16
  var group = 0
  while group < groups {
    var source = x.data + group * x.group
    var pixel = 0
    while pixel < pixels {
      let end = smaller(pixel + flushInterval, pixels)
      var (total, square) = (Lanes(repeating: 0), Lanes(repeating: 0))
      while pixel < end {
        let value = load(source)
        total += value
        square = fused(value, value, square)
        source += x.pixel
        pixel += 1
      }
      accumulate(total, into: sum + group * 16)
      accumulate(square, into: squares + group * 16)
    }
    group += 1
  }
}

func copyStatistics(
  _ pixels: Int, _ channels: Int, _ x: sentry_view, _ out: sentry_view, _ sum: Sums?, _ squares: Sums?
) {
  let groups = channels / 16
  var group = 0
  while group < groups {
    var (source, target) = (x.data + group * x.group, out.data + group * out.group)
    var pixel = 0
    while pixel < pixels {
      let end = smaller(pixel + flushInterval, pixels)
      var (total, square) = (Lanes(repeating: 0), Lanes(repeating: 0))
      while pixel < end {
        let value = load(source)
        store(value, target)
        total += value
        square = fused(value, value, square)
        source += x.pixel
        target += out.pixel
        pixel += 1
      }
      if let sum, let squares {
        accumulate(total, into: sum + group * 16)
        accumulate(square, into: squares + group * 16)
      }
    }
    group += 1
  }
}

func gradientSums(_ pixels: Int, _ channels: Int, _ d: sentry_view, _ x: sentry_view, _ sum: Sums, _ products: Sums) {
  let groups = channels / 16
  var group = 0
  while group < groups {
    var (gradient, source) = (d.data + group * d.group, x.data + group * x.group)
    var pixel = 0
    while pixel < pixels {
      let end = smaller(pixel + flushInterval, pixels)
      var (total, product) = (Lanes(repeating: 0), Lanes(repeating: 0))
      while pixel < end {
        let value = load(gradient)
        total += value
        product = fused(value, load(source), product)
        gradient += d.pixel
        source += x.pixel
        pixel += 1
      }
      accumulate(total, into: sum + group * 16)
      accumulate(product, into: products + group * 16)
    }
    group += 1
  }
}
