import CSentryKernels

/// Where outputs go, and two sums of them.
private protocol TileOutput {
  associatedtype Lane: TileOutputLane
  func lane(_ channel: Int) -> Lane
  /// nil: none are wanted.
  var sums: (first: Sums, second: Sums)? { get }
}

/// Sixteen channels of it.
private protocol TileOutputLane {
  /// - Parameter place: of the value, in floats from the first image's beginning.
  mutating func take(_ value: Lanes, _ place: Int)
  var sums: (first: Lanes, second: Lanes) { get }
}

private struct PlainOutput: TileOutput {
  let images: Target
  let sums: (first: Sums, second: Sums)?

  struct Lane: TileOutputLane {
    let images: Target
    var sums: (first: Lanes, second: Lanes) = (Lanes(repeating: 0), Lanes(repeating: 0))

    @inline(__always) mutating func take(_ value: Lanes, _ place: Int) {
      store(value, images + place)
      sums.first += value
      sums.second = fused(value, value, sums.second)
    }
  }

  @inline(__always) func lane(_ channel: Int) -> Lane { Lane(images: images) }
}

/// A gradient on its way back through ReLU and batch norm.
private struct NormOutput: TileOutput {
  let x: Source
  let g: Target
  let (scale, shift, mean, factor): (Source, Source, Source, Source)
  let sums: (first: Sums, second: Sums)?

  struct Lane: TileOutputLane {
    let x: Source
    let g: Target
    let (scale, shift, mean, factor): (Lanes, Lanes, Lanes, Lanes)
    var sums: (first: Lanes, second: Lanes) = (Lanes(repeating: 0), Lanes(repeating: 0))

    @inline(__always) mutating func take(_ value: Lanes, _ place: Int) {
      let input = load(x + place)
      let d = reluBackward(value, by: fused(input, scale, shift))
      store(factor * d, g + place)
      sums.first += d
      sums.second = fused(d, input - mean, sums.second)
    }
  }

  @inline(__always) func lane(_ channel: Int) -> Lane {
    Lane(
      x: x, g: g, scale: load(scale + channel), shift: load(shift + channel), mean: load(mean + channel),
      factor: load(factor + channel))
  }
}

@inline(__always) private func transformOutput<O: TileOutput>(
  _ tiles: sentry_tiles, _ first: Int, _ count: Int, _ points: Source, _ plane: Int, _ scratch: Target, _ output: O
) {
  let (channels, row) = (tiles.channels, tiles.width * tiles.pixel)
  let partial = TileSums(scratch, channels)
  var index = 0
  while index < count {
    let place = TilePlace(first + index, tiles)
    let (height, width) = (smaller(4, tiles.height - place.top), smaller(4, tiles.width - place.left))
    var channel = 0
    while channel < channels {
      var (source, i) = (points + index * channels + channel, 0)
      while i < 6 {
        let line = winogradOutput(loadSix(source, plane))
        store(line.0, scratch + i * 64)
        store(line.1, scratch + i * 64 + 16)
        store(line.2, scratch + i * 64 + 32)
        store(line.3, scratch + i * 64 + 48)
        source += 6 * plane
        i += 1
      }
      // First the tile itself: what becomes of it needs the registers (measured: a fifth faster).
      var x = 0
      while x < 4 {
        let column = winogradOutput(loadSix(scratch + x * 16, 64))
        let target = scratch + 384 + x * 16
        store(column.0, target)
        store(column.1, target + 64)
        store(column.2, target + 128)
        store(column.3, target + 192)
        x += 1
      }
      var lane = output.lane(channel)
      var (at, y) = (place.image + place.top * row + place.left * tiles.pixel + channel, 0)
      while y < height {
        x = 0
        while x < width {
          lane.take(load(scratch + 384 + y * 64 + x * 16), at + x * tiles.pixel)
          x += 1
        }
        at += row
        y += 1
      }
      if output.sums != nil { partial.add(lane.sums.first, lane.sums.second, channel) }
      channel += 16
    }
    index += 1
    if let sums = output.sums, index % 32 == 0 || index == count { partial.flush(into: sums.first, sums.second) }
  }
}

func winogradOutput(
  _ tiles: sentry_tiles, _ first: Int, _ count: Int, _ points: Source, _ plane: Int, _ scratch: Target,
  _ images: Target, _ sum: Sums?, _ squares: Sums?
) {
  var sums: (Sums, Sums)?
  if let sum, let squares { sums = (sum, squares) }
  transformOutput(tiles, first, count, points, plane, scratch, PlainOutput(images: images, sums: sums))
}

func winogradOutputNorm(
  _ tiles: sentry_tiles, _ first: Int, _ count: Int, _ points: Source, _ plane: Int, _ scratch: Target, _ x: Source,
  _ scale: Source, _ shift: Source, _ mean: Source, _ factor: Source, _ g: Target, _ sum: Sums, _ products: Sums
) {
  let output = NormOutput(
    x: x, g: g, scale: scale, shift: shift, mean: mean, factor: factor, sums: (sum, products))
  transformOutput(tiles, first, count, points, plane, scratch, output)
}
