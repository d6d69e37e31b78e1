import CSentryKernels

/// The outputs of a group of images, cut into tiles of 4×4, and how many of them pass through the products at a time.
struct WinogradTiles {
  /// As many as keep 36 products of six rows at a time busy, while what they read and write stays near.
  private static let most = 52
  let count: Int
  private let (height, width): (Int, Int)
  private let (down, across): (Int, Int)

  init(images: Int, height: Int, width: Int) {
    (self.height, self.width) = (height, width)
    (down, across) = ((height + 3) / 4, (width + 3) / 4)
    count = images * down * across
  }

  /// Whether they are faster than a direct convolution: fewer products, the border of zeros left out, and enough of them to a part
  /// that reading the weights, four times as many, does not show.
  func areWorthwhile(parts: Int = 1) -> Bool {
    let direct = (3 * height - 2) * (3 * width - 2)
    return 5 * direct >= 6 * WinogradPoint.count * down * across && count >= 8 * parts
  }

  /// The images' pixels as a kernel is told of them: `stride` floats from one to the next.
  func view(_ channels: Int, stride: Int) -> sentry_tiles {
    sentry_tiles(height: height, width: width, down: down, across: across, channels: channels, pixel: stride)
  }

  /// Parts of `tiles`, of nearly the same size.
  static func parts(of tiles: Range<Int>) -> [Range<Int>] {
    let parts = (tiles.count + most - 1) / most
    guard parts > 0 else { return [] }
    let length = (tiles.count + parts - 1) / parts
    return stride(from: tiles.lowerBound, to: tiles.upperBound, by: length).map {
      $0..<min($0 + length, tiles.upperBound)
    }
  }

  /// Floats from one point's matrix to the next one's: a line more than it has, since 36 matrices are written side by side and
  /// would else fall on the same lines of a cache.
  static func plane(_ tiles: Int, _ channels: Int) -> Int { tiles * channels + 16 }

  /// The most floats that 36 matrices take.
  static func floats(_ channels: Int) -> Int { WinogradPoint.count * plane(most, channels) }
}

/// One of the 36 points at which products are taken.
enum WinogradPoint { static let count = 36 }
