import SentryImaging

/// torchvision's `RandomRotation`: by up to `degrees` either way, about the centre.
struct RandomRotation: GeometricTransform {
  let degrees: Double

  func draw(size: Int, using random: inout some RandomNumberGenerator) -> Double? {
    random.uniform(-degrees...degrees)
  }

  func map(_ parameters: Double, size: Int) -> Homography {
    .rotation(degrees: parameters, size: [size, size])
  }
}
