/// The region between two parabolas over one chord, which runs along x: a mouth that is wider than it is open.
struct Lens: Shape {
  /// The middle of the chord.
  var centre: SIMD2<Float>
  /// Half the chord.
  var half: Float
  /// How far the line between the two parabolas hangs below the chord.
  var sag: Float
  /// Half the height in the middle.
  var opening: Float

  func distance(to point: SIMD2<Float>) -> Float {
    let x = (point.x - centre.x) / half
    let arch = 1 - x * x
    let slope = 2 * x * (abs(sag) + opening) / half
    return (abs(point.y - centre.y - sag * arch) - opening * arch) / (1 + slope * slope).squareRoot()
  }

  var reach: (centre: SIMD2<Float>, radius: Float) { (centre, half + abs(sag) + opening) }
}
