/// The region between two parabolas over one chord: an open mouth. The chord runs from left to right along x.
struct Lens: Shape {
  var left, right: SIMD2<Float>
  /// How far the middle line hangs below the chord.
  var sag: Float
  /// Half the height in the middle.
  var opening: Float

  func distance(to point: SIMD2<Float>) -> Float {
    let half = (right.x - left.x) / 2
    let x = (point.x - (left.x + right.x) / 2) / half
    let arch = 1 - x * x
    let middle = left.y + sag * arch
    // The height falls like an ellipse's, so that the corners are round. Beyond them the distance to a corner counts.
    guard arch > 0 else {
      let gap = point - (x < 0 ? left : right)
      return (gap * gap).sum().squareRoot()
    }
    let height = opening * arch.squareRoot()
    let slope = 2 * abs(x) * (abs(sag) + opening) / half
    return (abs(point.y - middle) - height) / (1 + slope * slope).squareRoot()
  }

  var reach: (centre: SIMD2<Float>, radius: Float) {
    ((left + right) / 2, (right.x - left.x) / 2 + abs(sag) + opening)
  }
}
