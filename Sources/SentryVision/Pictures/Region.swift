import Glibc

/// A rotated rectangle in a picture, in pixels from its upper left corner.
public struct Region: Equatable, Sendable {
  public var centre: SIMD2<Float>
  public var size: SIMD2<Float>
  /// Radians, clockwise as one sees it.
  public var rotation: Float

  public init(centre: SIMD2<Float>, size: SIMD2<Float>, rotation: Float = 0) {
    (self.centre, self.size, self.rotation) = (centre, size, rotation)
  }

  /// The smallest square around a whole picture.
  static func square(around view: PixelView) -> Region {
    Region(centre: view.size / 2, size: SIMD2(repeating: view.size.max()))
  }

  /// A square around `centre` that reaches as far as `scale` says, turned so that `top` lies straight above the centre.
  static func square(around centre: SIMD2<Float>, reaching top: SIMD2<Float>, scale: Float) -> Region {
    let way = top - centre
    let turn = Float.pi / 2 - atan2(-way.y, way.x)
    // Into −π ..< π.
    let rotation = turn - 2 * .pi * ((turn + .pi) / (2 * .pi)).rounded(.down)
    return Region(
      centre: centre, size: SIMD2(repeating: 2 * scale * (way * way).sum().squareRoot()), rotation: rotation)
  }

  /// A point in parts of the region, from its upper left corner, as pixels of the picture.
  func pixel(_ part: SIMD2<Float>) -> SIMD2<Float> {
    let (c, s, way) = (cos(rotation), sin(rotation), (part - 0.5) * size)
    return centre + SIMD2(c * way.x - s * way.y, s * way.x + c * way.y)
  }

  /// Whether a picture can be cut out: a track that went wrong may have led anywhere.
  var isUsable: Bool {
    [centre.x, centre.y].allSatisfy { abs($0) < Region.farthest } && rotation.isFinite
      && [size.x, size.y].allSatisfy { $0 > 0 && $0 < Region.farthest }
  }

  /// Positions are computed in 1/32 of a pixel, in 32 bits.
  private static let farthest: Float = 4_194_304
}
