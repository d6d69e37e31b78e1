import CSentryKernels

/// Σ(x − c) and Σ(x − c)² of sixteen channels, c a value of the channel itself: float sums about it lose nothing where a
/// channel's deviation is far below its mean.
private struct Moments {
  private let centre: Lanes
  private var (total, square) = (Lanes(repeating: 0), Lanes(repeating: 0))

  @inline(__always) init(about centre: Lanes) { self.centre = centre }

  @inline(__always) mutating func add(_ x: Lanes) {
    let value = x - centre
    total += value
    square = fused(value, value, square)
  }

  /// Adds Σx and Σx² of the `count` values taken.
  @inline(__always) func flush(_ count: Int, into sum: Sums, _ squares: Sums) {
    let (c, s, n) = (sentry_widen(centre), sentry_widen(total), Double(count))
    accumulate(s + c * n, into: sum)
    accumulate(sentry_widen(square) + (s * 2 + c * n) * c, into: squares)
  }
}

/// Two groups at a time: 32 channels are two cache lines of floats, which the prefetcher takes as a pair.
@inline(__always) func statistics<A: Element>(
  _: A.Type, _ pixels: Int, _ channels: Int, _ x: sentry_view, _ sum: Sums, _ squares: Sums
) {
  var channel = 0
  while channel < channels {
    var source = channel / 16 * x.group
    var pixel = 0
    while pixel < pixels {
      let (start, end) = (pixel, smaller(pixel + flushInterval, pixels))
      var low = Moments(about: A.load(x.data, source))
      var high = Moments(about: A.load(x.data, source + x.group))
      while pixel < end {
        low.add(A.load(x.data, source))
        high.add(A.load(x.data, source + x.group))
        source += x.pixel
        pixel += 1
      }
      low.flush(end - start, into: sum + channel, squares + channel)
      high.flush(end - start, into: sum + channel + 16, squares + channel + 16)
    }
    channel += 32
  }
}

@inline(__always) func copyStatistics<A: Element>(
  _: A.Type, _ pixels: Int, _ channels: Int, _ x: sentry_view, _ out: sentry_view, _ sum: Sums?, _ squares: Sums?
) {
  var channel = 0
  while channel < channels {
    var (source, target) = (channel / 16 * x.group, channel / 16 * out.group)
    var pixel = 0
    while pixel < pixels {
      let (start, end) = (pixel, smaller(pixel + flushInterval, pixels))
      var low = Moments(about: A.load(x.data, source))
      var high = Moments(about: A.load(x.data, source + x.group))
      while pixel < end {
        let (first, second) = (A.load(x.data, source), A.load(x.data, source + x.group))
        A.store(first, out.data, target)
        A.store(second, out.data, target + out.group)
        low.add(first)
        high.add(second)
        source += x.pixel
        target += out.pixel
        pixel += 1
      }
      if let sum, let squares {
        low.flush(end - start, into: sum + channel, squares + channel)
        high.flush(end - start, into: sum + channel + 16, squares + channel + 16)
      }
    }
    channel += 32
  }
}

/// Σd and Σd·(x − mean) of sixteen channels.
struct GradientSums {
  private let centre: Lanes
  private var (total, product) = (Lanes(repeating: 0), Lanes(repeating: 0))

  @inline(__always) init(about centre: Lanes) { self.centre = centre }

  @inline(__always) mutating func add(_ d: Lanes, _ x: Lanes) {
    total += d
    product = fused(d, x - centre, product)
  }

  @inline(__always) func flush(into sum: Sums, _ products: Sums) {
    accumulate(total, into: sum)
    accumulate(product, into: products)
  }
}
