import CSentryKernels

func winogradOutputGradient(
  _ tiles: sentry_tiles, _ first: Int, _ count: Int, _ images: Source, _ scratch: Target, _ points: Target,
  _ plane: Int
) {
  let (channels, row) = (tiles.channels, tiles.width * tiles.pixel)
  var index = 0
  while index < count {
    let place = TilePlace(first + index, tiles)
    let (height, width) = (smaller(4, tiles.height - place.top), smaller(4, tiles.width - place.left))
    var channel = 0
    while channel < channels {
      var (source, x) = (images + place.image + place.top * row + place.left * tiles.pixel + channel, 0)
      while x < 4 {
        let (at, rows) = (source, x < width ? height : 0)
        @inline(__always) func inside(_ i: Int) -> Lanes { i < rows ? load(at + i * row) : Lanes(repeating: 0) }
        storeSix(winogradOutputGradient((inside(0), inside(1), inside(2), inside(3))), scratch + x * 16, 64)
        source += tiles.pixel
        x += 1
      }
      var (target, i) = (points + index * channels + channel, 0)
      while i < 6 {
        let line = scratch + i * 64
        storeSix(winogradOutputGradient((load(line), load(line + 16), load(line + 32), load(line + 48))), target, plane)
        target += 6 * plane
        i += 1
      }
      channel += 16
    }
    index += 1
  }
}
