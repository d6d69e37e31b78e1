/// A map of the plane, 3×3 in homogeneous coordinates, from points of a result to points of the image it is made from.
///
/// Coordinates are continuous: pixel (0, 0) covers [0, 1) × [0, 1) and has its centre at (0.5, 0.5), so that scaling
/// and flipping are free of half-pixel corrections.
public struct Homography: Equatable, Sendable {
  /// The rows of the matrix.
  public var rows: (x: SIMD3<Double>, y: SIMD3<Double>, w: SIMD3<Double>)

  public init(_ x: SIMD3<Double>, _ y: SIMD3<Double>, _ w: SIMD3<Double> = [0, 0, 1]) {
    rows = (x, y, w)
  }

  public static func == (left: Homography, right: Homography) -> Bool { left.rows == right.rows }

  public static let identity = Homography([1, 0, 0], [0, 1, 0])

  public static func translation(_ x: Double, _ y: Double) -> Homography { Homography([1, 0, x], [0, 1, y]) }

  public static func scaling(_ x: Double, _ y: Double) -> Homography { Homography([x, 0, 0], [0, y, 0]) }

  /// Does `right` first.
  public static func * (left: Homography, right: Homography) -> Homography {
    func row(_ factors: SIMD3<Double>) -> SIMD3<Double> {
      factors.x * right.rows.x + factors.y * right.rows.y + factors.z * right.rows.w
    }
    return Homography(row(left.rows.x), row(left.rows.y), row(left.rows.w))
  }

  /// The image of a point; not finite where the point lies on the map's horizon.
  public func callAsFunction(_ point: SIMD2<Double>) -> SIMD2<Double> {
    let homogeneous = SIMD3(point, 1)
    let w = (rows.w * homogeneous).sum()
    return SIMD2((rows.x * homogeneous).sum(), (rows.y * homogeneous).sum()) / w
  }

  /// How many source pixels one pixel of the result spans at `point`, along the source's x and y.
  public func shrink(at point: SIMD2<Double>) -> SIMD2<Double> {
    let homogeneous = SIMD3(point, 1)
    let w = (rows.w * homogeneous).sum()
    let image = self(point)
    func gradient(_ row: SIMD3<Double>, _ value: Double) -> Double {
      let slope = SIMD2(row.x - value * rows.w.x, row.y - value * rows.w.y) / w
      return (slope * slope).sum().squareRoot()
    }
    return SIMD2(gradient(rows.x, image.x), gradient(rows.y, image.y))
  }
}
