import SentryImaging

/// torchvision's `RandomPerspective`: every corner moves inwards, by up to `distortion` of half a side along x and y.
struct RandomPerspective: GeometricTransform {
  let distortion: Double
  let probability: Double

  /// The corners' new places: top left, top right, bottom right, bottom left.
  func draw(size: Int, using random: inout some RandomNumberGenerator) -> [SIMD2<Int>]? {
    guard random.chance(probability) else { return nil }
    let reach = Int(distortion * Double(size / 2))
    let near = 0...reach
    let far = size - reach - 1...size - 1
    return [
      [random.uniform(near), random.uniform(near)], [random.uniform(far), random.uniform(near)],
      [random.uniform(far), random.uniform(far)], [random.uniform(near), random.uniform(far)],
    ]
  }

  func map(_ parameters: [SIMD2<Int>], size: Int) throws(ImagingError) -> Homography {
    try .perspective(corners: parameters, size: [size, size])
  }
}
