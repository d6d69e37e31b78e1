import CSentryKernels

/// The places of a kernel that lie within an axis of `size`, for the output at `place`; `first` is the input under place 0 of it.
@inline(__always) private func taps(_ place: Int, _ size: Int, _ shape: sentry_depthwise) -> (
  first: Int, from: Int, to: Int
) {
  let first = place * shape.stride - shape.padding
  return (first, larger(0, -first), smaller(shape.kernel, size - first))
}

/// The outputs along an axis of `size` that read the input at `place`.
@inline(__always) private func readers(_ place: Int, _ size: Int, _ shape: sentry_depthwise) -> (from: Int, to: Int) {
  let lowest = place + shape.padding - shape.kernel + 1
  return (
    lowest <= 0 ? 0 : (lowest + shape.stride - 1) / shape.stride,
    smaller(size, (place + shape.padding) / shape.stride + 1)
  )
}

func depthwise(_ shape: sentry_depthwise, _ row: Int, _ image: Source, _ weights: Source, _ out: Target) {
  let (channels, rows) = (shape.channels, taps(row, shape.height, shape))
  var column = 0
  while column < shape.out_width {
    let columns = taps(column, shape.width, shape)
    var channel = 0
    while channel < channels {
      var (total, y) = (HalfLanes(repeating: 0), rows.from)
      while y < rows.to {
        var source = image + ((rows.first + y) * shape.width + columns.first + columns.from) * channels + channel
        var weight = weights + (y * shape.kernel + columns.from) * channels + channel
        var x = columns.from
        while x < columns.to {
          total = fused(loadHalf(source), loadHalf(weight), total)
          source += channels
          weight += channels
          x += 1
        }
        y += 1
      }
      store(total, out + column * channels + channel)
      channel += 8
    }
    column += 1
  }
}

func depthwiseGradient(_ shape: sentry_depthwise, _ row: Int, _ gradient: Source, _ weights: Source, _ dx: Target) {
  let (channels, rows) = (shape.channels, readers(row, shape.out_height, shape))
  var column = 0
  while column < shape.width {
    let columns = readers(column, shape.out_width, shape)
    var channel = 0
    while channel < channels {
      var (total, y) = (HalfLanes(repeating: 0), rows.from)
      while y < rows.to {
        let tap = (row + shape.padding - y * shape.stride) * shape.kernel + column + shape.padding
        var x = columns.from
        while x < columns.to {
          total = fused(
            loadHalf(gradient + (y * shape.out_width + x) * channels + channel),
            loadHalf(weights + (tap - x * shape.stride) * channels + channel), total)
          x += 1
        }
        y += 1
      }
      store(total, dx + column * channels + channel)
      channel += 8
    }
    column += 1
  }
}

func depthwiseWeights(_ shape: sentry_depthwise, _ row: Int, _ image: Source, _ d: Source, _ weights: Target) {
  let (channels, rows) = (shape.channels, taps(row, shape.height, shape))
  var y = rows.from
  while y < rows.to {
    var x = 0
    while x < shape.kernel {
      // The outputs whose tap x lies within the image.
      let lowest = shape.padding - x
      let from = lowest <= 0 ? 0 : (lowest + shape.stride - 1) / shape.stride
      let last = shape.width - 1 + shape.padding - x
      let to = last < 0 ? 0 : smaller(shape.out_width, last / shape.stride + 1)
      let origin = image + ((rows.first + y) * shape.width - shape.padding + x) * channels
      let target = weights + (y * shape.kernel + x) * channels
      var channel = 0
      while channel < channels {
        var (total, column) = (HalfLanes(repeating: 0), from)
        while column < to {
          total = fused(
            loadHalf(origin + column * shape.stride * channels + channel), loadHalf(d + column * channels + channel),
            total)
          column += 1
        }
        store(loadHalf(target + channel) + total, target + channel)
        channel += 8
      }
      x += 1
    }
    y += 1
  }
}
