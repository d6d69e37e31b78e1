import CSentryKernels

/// Where inputs come from, and what becomes of them on the way.
private protocol TileInput {
  associatedtype Lane: TileInputLane
  var images: Source { get }
  func lane(_ channel: Int) -> Lane
}

/// Sixteen channels of it.
private protocol TileInputLane { func load(_ pointer: Source) -> Lanes }

private struct PlainInput: TileInput, TileInputLane {
  let images: Source

  @inline(__always) func lane(_ channel: Int) -> PlainInput { self }
  @inline(__always) func load(_ pointer: Source) -> Lanes { UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self) }
}

private struct NormedInput: TileInput {
  let images: Source
  let scale: Source
  let shift: Source

  struct Lane: TileInputLane {
    let (scale, shift): (Lanes, Lanes)

    @inline(__always) func load(_ pointer: Source) -> Lanes {
      relu(fused(UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self), scale, shift))
    }
  }

  @inline(__always) func lane(_ channel: Int) -> Lane {
    Lane(scale: load(scale + channel), shift: load(shift + channel))
  }
}

/// Scratch holds, for every 16 channels, six columns of six: neighbouring tiles share two columns, which stay where they are.
@inline(__always) private func transformInput<I: TileInput>(
  _ tiles: sentry_tiles, _ first: Int, _ count: Int, _ input: I, _ scratch: Target, _ points: Target, _ plane: Int
) {
  let (channels, row) = (tiles.channels, tiles.width * tiles.pixel)
  var (index, oldest) = (0, 0)
  while index < count {
    let place = TilePlace(first + index, tiles)
    let isNext = index > 0 && place.left > 0
    // The column j of the window stands in the slot (oldest + j) % 6.
    oldest = isNext ? (oldest + 4) % 6 : 0
    let (low, high) = (place.top == 0 ? 1 : 0, smaller(6, tiles.height + 1 - place.top))
    var j = isNext ? 2 : 0
    while j < 6 {
      let (x, slot) = (place.left + j - 1, scratch + (oldest + j) % 6 * 96)
      var channel = 0
      if x < 0 || x >= tiles.width {
        while channel < channels {
          let zero = Lanes(repeating: 0)
          storeSix((zero, zero, zero, zero, zero, zero), slot + channel * 36, 16)
          channel += 16
        }
      } else {
        let source = input.images + place.image + (place.top - 1) * row + x * tiles.pixel
        if low == 0, high == 6 {
          while channel < channels {
            let (lane, at) = (input.lane(channel), source + channel)
            let column = (
              lane.load(at), lane.load(at + row), lane.load(at + 2 * row), lane.load(at + 3 * row),
              lane.load(at + 4 * row), lane.load(at + 5 * row)
            )
            storeSix(winogradInput(column), slot + channel * 36, 16)
            channel += 16
          }
        } else {
          while channel < channels {
            let (lane, at) = (input.lane(channel), source + channel)
            @inline(__always) func inside(_ i: Int) -> Lanes {
              i >= low && i < high ? lane.load(at + i * row) : Lanes(repeating: 0)
            }
            let column = (inside(0), inside(1), inside(2), inside(3), inside(4), inside(5))
            storeSix(winogradInput(column), slot + channel * 36, 16)
            channel += 16
          }
        }
      }
      j += 1
    }
    let (s0, s1, s2) = (oldest * 96, (oldest + 1) % 6 * 96, (oldest + 2) % 6 * 96)
    let (s3, s4, s5) = ((oldest + 3) % 6 * 96, (oldest + 4) % 6 * 96, (oldest + 5) % 6 * 96)
    var channel = 0
    while channel < channels {
      var i = 0
      var (source, target) = (scratch + channel * 36, points + index * channels + channel)
      while i < 6 {
        let line = (
          load(source + s0), load(source + s1), load(source + s2), load(source + s3), load(source + s4),
          load(source + s5)
        )
        storeSix(winogradInput(line), target, plane)
        source += 16
        target += 6 * plane
        i += 1
      }
      channel += 16
    }
    index += 1
  }
}

func winogradInput(
  _ tiles: sentry_tiles, _ first: Int, _ count: Int, _ images: Source, _ scale: Source?, _ shift: Source?,
  _ scratch: Target, _ points: Target, _ plane: Int
) {
  guard let scale, let shift else {
    return transformInput(tiles, first, count, PlainInput(images: images), scratch, points, plane)
  }
  let input = NormedInput(images: images, scale: scale, shift: shift)
  transformInput(tiles, first, count, input, scratch, points, plane)
}
