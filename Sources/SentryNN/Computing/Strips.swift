/// A block's pixels cut into strips of equal length that pass through a 1×1 convolution one at a time, in cache.
///
/// The last strips may hold fewer pixels; a layer pads them with zeros, so that one primitive serves all. Lengths are
/// multiples of 16 up to 392 (8·7²: 56², 28² and 14² images fill their strips), so that there are few primitives.
struct Strips {
  static let maximumLength = 392
  let pixels: Int
  let length: Int
  let count: Int

  init(pixels: Int, threads: Int) {
    self.pixels = pixels
    let wanted = (pixels + Self.maximumLength - 1) / Self.maximumLength
    let balanced = (wanted + threads - 1) / threads * threads
    length = min(Self.maximumLength, ((pixels + balanced - 1) / balanced + 15) / 16 * 16)
    count = (pixels + length - 1) / length
  }

  func start(_ index: Int) -> Int { index * length }

  func valid(_ index: Int) -> Int { min(length, pixels - index * length) }
}

/// Images that pass through a 3×3 convolution together: one, or as many small ones as fill a strip.
struct ImageGroups {
  let images: Int
  let size: Int
  let count: Int

  init(images: Int, pixelsPerImage: Int, threads: Int) {
    self.images = images
    var size = 1
    while size * 2 * pixelsPerImage <= 196, size * 2 <= (images + threads - 1) / threads { size *= 2 }
    self.size = size
    count = (images + size - 1) / size
  }

  func start(_ index: Int) -> Int { index * size }

  func valid(_ index: Int) -> Int { min(size, images - index * size) }
}
