import SentryImaging

/// torchvision's `RandomAffine`: rotation, translation by whole pixels, scale, and shear along x alone (which is what
/// one number for `shear` means there).
struct RandomAffine: GeometricTransform {
  /// Rotation of up to so many degrees either way.
  let degrees: Double
  /// Translation of up to this part of the side, along x and y.
  let translation: Double
  let scale: ClosedRange<Double>
  /// Shear along x of up to so many degrees either way.
  let shear: Double

  struct Parameters: Equatable, Sendable {
    let degrees: Double
    let translation: SIMD2<Int>
    let scale: Double
    let shear: SIMD2<Double>
  }

  func draw(size: Int, using random: inout some RandomNumberGenerator) -> Parameters? {
    let furthest = translation * Double(size)
    let angle = random.uniform(-degrees...degrees)
    let x = Int(random.uniform(-furthest...furthest).rounded(.toNearestOrEven))
    let y = Int(random.uniform(-furthest...furthest).rounded(.toNearestOrEven))
    return Parameters(
      degrees: angle, translation: [x, y], scale: random.uniform(scale), shear: [random.uniform(-shear...shear), 0])
  }

  func map(_ parameters: Parameters, size: Int) -> Homography {
    .affine(
      degrees: parameters.degrees, translation: SIMD2<Double>(parameters.translation), scale: parameters.scale,
      shear: parameters.shear, size: [size, size])
  }
}
