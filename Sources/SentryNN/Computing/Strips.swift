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

/// Images that pass through a 3×3 convolution together, and by which algorithm.
///
/// Winograd's F(4×4, 3×3) works on tiles of 4×4 outputs and transforms its weights anew in every call. Measured with
/// oneDNN 2.6.3 for 128 → 32 channels (microseconds an image, forward and both gradients together, direct against
/// Winograd): 56² 6655 : 3771, 28² 1508 : 755, two of 19² 681 : 449, four of 16² 503 : 283, of 14² 370 : 290, of 12²
/// 272 : 190, eight of 8² 116 : 88; but one of 14² 373 : 483, of 12² 271 : 378, four of 10² 184 : 183, eight of 7²
/// 86 : 89, of 6² 63 : 86. So it is taken for images from 8×8 whose tiles are at least three quarters full, as many at a
/// time as give 32 tiles. A rule and no measurement at the start: a run can be repeated.
struct ImageGroups {
  let images: Int
  let size: Int
  let count: Int
  let algorithm: ConvolutionShape.Algorithm

  /// - Parameter winograd: the one that the CPU has.
  init(images: Int, height: Int, width: Int, threads: Int, winograd: ConvolutionShape.Algorithm?) {
    self.images = images
    let (most, pixels) = ((images + threads - 1) / threads, height * width)
    let tiles = ((height + 3) / 4) * ((width + 3) / 4)
    var size = 1
    while size * tiles < 32, size * 2 <= most { size *= 2 }
    if winograd == .winograd, min(height, width) >= 8, 4 * pixels >= 3 * 16 * tiles, size * tiles >= 32 {
      algorithm = .winograd
    } else if winograd == .ownWinograd,
      WinogradTiles(images: size, height: height, width: width).areWorthwhile()
    {
      algorithm = .ownWinograd
    } else {
      algorithm = .direct
      size = 1
      while size * 2 * pixels <= 196, size * 2 <= most { size *= 2 }
    }
    // The same number of groups for each thread, of nearly the same size.
    let perThread = (most + size - 1) / size
    self.size = (most + perThread - 1) / perThread
    count = (images + self.size - 1) / self.size
  }

  func start(_ index: Int) -> Int { index * size }

  func valid(_ index: Int) -> Int { min(size, images - index * size) }
}
