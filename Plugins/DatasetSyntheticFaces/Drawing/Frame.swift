/// Where a face stands in the picture: pixels to face coordinates, by scale, turn and shift.
struct Frame {
  /// Pixels in one unit of the face.
  let scale: Float
  private let centre: SIMD2<Float>
  private let cosine, sine: Float

  /// - Parameters:
  ///   - centre: the face's origin in pixels.
  ///   - turn: radians, within ±π/4.
  init(centre: SIMD2<Float>, scale: Float, turn: Float) {
    (self.centre, self.scale) = (centre, scale)
    // Series instead of libm, whose last bit differs between machines.
    let square = turn * turn
    sine = turn * (1 - square / 6 * (1 - square / 20 * (1 - square / 42)))
    cosine = 1 - square / 2 * (1 - square / 12 * (1 - square / 30))
  }

  func face(_ pixel: SIMD2<Float>) -> SIMD2<Float> {
    let offset = (pixel - centre) / scale
    return SIMD2(cosine * offset.x + sine * offset.y, cosine * offset.y - sine * offset.x)
  }

  func pixel(_ face: SIMD2<Float>) -> SIMD2<Float> {
    centre + scale * SIMD2(cosine * face.x - sine * face.y, sine * face.x + cosine * face.y)
  }
}
