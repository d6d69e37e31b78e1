import CSentryKernels

/// Outputs of a window of 3, stride 2, padding 1.
@inline(__always) private func pooled(_ length: Int) -> Int { (length - 1) / 2 + 1 }

@inline(__always) func normReluMaxPool<A: Element>(
  _: A.Type, _ height: Int, _ width: Int, _ channels: Int, _ x: Stored, _ scale: Source, _ shift: Source,
  _ out: sentry_view, _ index: Target
) {
  let (rows, columns) = (pooled(height), pooled(width))
  let line = width * channels
  var pixel = 0
  while pixel < rows * columns {
    let (top, left) = (pixel / columns * 2 - 1, pixel % columns * 2 - 1)
    let inside = top >= 0 && top + 2 < height && left >= 0 && left + 2 < width
    var channel = 0
    while channel < channels {
      let (s, h) = (load(scale + channel), load(shift + channel))
      let corner = top * line + left * channels + channel
      var (best, place) = (Lanes(repeating: -Float.infinity), Lanes(repeating: 0))
      var position = 0
      while position < 9 {
        let (y, z) = (position / 3, position % 3)
        if inside || (top + y >= 0 && top + y < height && left + z >= 0 && left + z < width) {
          let value = fused(A.load(x, corner + y * line + z * channels), s, h)
          let larger = exceeds(value, best)
          best = best.replacing(with: value, where: larger)
          place = place.replacing(with: Lanes(repeating: Float(position)), where: larger)
        }
        position += 1
      }
      A.store(relu(best), out.data, pixel * out.pixel + channel / 16 * out.group)
      store(place, index + pixel * channels + channel)
      channel += 16
    }
    pixel += 1
  }
}

/// Adds Σd and Σd·(x − mean) of the gradients d that pooling hands to x, the value at each maximum.
@inline(__always) func maxPoolGradientSums<A: Element>(
  _: A.Type, _ height: Int, _ width: Int, _ channels: Int, _ dout: Stored, _ index: Source, _ x: Stored,
  _ mean: Source, _ sum: Sums, _ products: Sums
) {
  let (rows, columns) = (pooled(height), pooled(width))
  var channel = 0
  while channel < channels {
    var row = 0
    while row < rows {
      var sums = GradientSums(about: load(mean + channel))
      var column = 0
      while column < columns {
        let output = (row * columns + column) * channels + channel
        let place = load(index + output)
        var chosen = Lanes(repeating: 0)
        var position = 0
        while position < 9 {
          let (y, z) = (row * 2 - 1 + position / 3, column * 2 - 1 + position % 3)
          if y >= 0 && y < height && z >= 0 && z < width {
            let value = A.load(x, (y * width + z) * channels + channel)
            chosen = chosen.replacing(with: value, where: place .== Float(position))
          }
          position += 1
        }
        sums.add(A.load(dout, output), chosen)
        column += 1
      }
      sums.flush(into: sum + channel, products + channel)
      row += 1
    }
    channel += 16
  }
}

/// The backward pass of pooling and of the batch norm before it: a·d + b·(x − mean) + c for every input.
@inline(__always) func maxPoolGradient<A: Element>(
  _: A.Type, _ height: Int, _ width: Int, _ channels: Int, _ dout: Stored, _ index: Source, _ x: Stored,
  _ mean: Source, _ a: Source, _ b: Source, _ c: Source, _ dx: Stored
) {
  let (rows, columns) = (pooled(height), pooled(width))
  var input = 0
  while input < height * width {
    let (y, z) = (input / width, input % width)
    // The windows that hold (y, z): rows y/2 ... (y+1)/2, columns alike, at most two of each.
    let (top, left) = (y / 2, z / 2)
    let (below, right) = ((y + 1) / 2 > top && top + 1 < rows, (z + 1) / 2 > left && left + 1 < columns)
    let place = (y - 2 * top + 1) * 3 + (z - 2 * left + 1)
    let first = (top * columns + left) * channels
    var channel = 0
    while channel < channels {
      let at = first + channel
      var d = taken(A.self, dout, index, at, place)
      if right { d += taken(A.self, dout, index, at + channels, place - 2) }
      if below {
        let under = at + columns * channels
        d += taken(A.self, dout, index, under, place - 6)
        if right { d += taken(A.self, dout, index, under + channels, place - 8) }
      }
      let value = A.load(x, input * channels + channel)
      let centred = fused(value - load(mean + channel), load(b + channel), load(c + channel))
      A.store(fused(d, load(a + channel), centred), dx, input * channels + channel)
      channel += 16
    }
    input += 1
  }
}

/// What the output at `offset` hands to the input at `place` of its window.
@inline(__always) private func taken<A: Element>(
  _: A.Type, _ dout: Stored, _ index: Source, _ offset: Int, _ place: Int
) -> Lanes {
  // Positions are floats: Swift compares vectors of integers lane by lane.
  let chosen = load(index + offset) .== Float(place)
  return Lanes(repeating: 0).replacing(with: A.load(dout, offset), where: chosen)
}
