import CSentryKernels

/// The place of a tile: the corner of its outputs within an image, and where the image begins.
struct TilePlace {
  let top: Int
  let left: Int
  let image: Int

  @inline(__always) init(_ tile: Int, _ tiles: sentry_tiles) {
    let perImage = tiles.down * tiles.across
    let inImage = tile % perImage
    top = inImage / tiles.across * 4
    left = inImage % tiles.across * 4
    image = tile / perImage * tiles.height * tiles.width * tiles.pixel
  }
}

@inline(__always) func storeSix(_ value: Six, _ target: Target, _ step: Int) {
  store(value.0, target)
  store(value.1, target + step)
  store(value.2, target + 2 * step)
  store(value.3, target + 3 * step)
  store(value.4, target + 4 * step)
  store(value.5, target + 5 * step)
}

@inline(__always) func loadSix(_ source: Source, _ step: Int) -> Six {
  (
    load(source), load(source + step), load(source + 2 * step), load(source + 3 * step), load(source + 4 * step),
    load(source + 5 * step)
  )
}
