import CSentryKernels

/// Adds Σx and Σx² of `count` values, given Σ(x − c) and Σ(x − c)²: float sums about a value of the channel itself lose
/// nothing where its deviation is far below its mean.
@inline(__always) private func accumulate(
  _ total: Lanes, _ square: Lanes, about centre: Lanes, _ count: Int, into sum: Sums, _ squares: Sums
) {
  var lane = 0
  while lane < 16 {
    let (c, s) = (Double(centre[lane]), Double(total[lane]))
    sum[lane] += s + Double(count) * c
    squares[lane] += Double(square[lane]) + 2 * c * s + Double(count) * c * c
    lane += 1
  }
}

func statistics(_ pixels: Int, _ channels: Int, _ x: sentry_view, _ sum: Sums, _ squares: Sums) {
  let groups = channels / 16
  var group = 0
  while group < groups {
    var source = x.data + group * x.group
    var pixel = 0
    while pixel < pixels {
      let end = smaller(pixel + flushInterval, pixels)
      let (centre, start) = (load(source), pixel)
      var (total, square) = (Lanes(repeating: 0), Lanes(repeating: 0))
      while pixel < end {
        let value = load(source) - centre
        total += value
        square = fused(value, value, square)
        source += x.pixel
        pixel += 1
      }
      accumulate(total, square, about: centre, end - start, into: sum + group * 16, squares + group * 16)
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
      let (centre, start) = (load(source), pixel)
      var (total, square) = (Lanes(repeating: 0), Lanes(repeating: 0))
      while pixel < end {
        let original = load(source)
        store(original, target)
        let value = original - centre
        total += value
        square = fused(value, value, square)
        source += x.pixel
        target += out.pixel
        pixel += 1
      }
      if let sum, let squares {
        accumulate(total, square, about: centre, end - start, into: sum + group * 16, squares + group * 16)
      }
    }
    group += 1
  }
}

func gradientSums(
  _ pixels: Int, _ channels: Int, _ d: sentry_view, _ x: sentry_view, _ mean: Source, _ sum: Sums, _ products: Sums
) {
  let groups = channels / 16
  var group = 0
  while group < groups {
    let centre = load(mean + group * 16)
    var (gradient, source) = (d.data + group * d.group, x.data + group * x.group)
    var pixel = 0
    while pixel < pixels {
      let end = smaller(pixel + flushInterval, pixels)
      var (total, product) = (Lanes(repeating: 0), Lanes(repeating: 0))
      while pixel < end {
        let value = load(gradient)
        total += value
        product = fused(value, load(source) - centre, product)
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
