/// An ellipse bent along a parabola: an open mouth.
struct Bow: Shape {
  var ellipse: Ellipse
  /// How far the ends stand above the middle; negative: below.
  var bend: Float

  func distance(to point: SIMD2<Float>) -> Float {
    let x = (point.x - ellipse.centre.x) / ellipse.radii.x
    let bent = min(x * x, 1)
    let slope = 2 * bend * x / ellipse.radii.x
    return ellipse.distance(to: SIMD2(point.x, point.y + bend * bent)) / (1 + min(slope * slope, 4)).squareRoot()
  }

  var reach: (centre: SIMD2<Float>, radius: Float) {
    (ellipse.centre, ellipse.reach.radius + abs(bend))
  }
}
