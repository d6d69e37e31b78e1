import SentryImaging

/// torchvision's `RandomCrop`: a square of the picture's size out of one that is `margin` pixels larger.
struct RandomCrop: GeometricTransform {
  let margin: Int

  struct Parameters: Equatable, Sendable {
    let left: Int
    let top: Int
  }

  func draw(size: Int, using random: inout some RandomNumberGenerator) -> Parameters? {
    Parameters(left: random.uniform(0...margin), top: random.uniform(0...margin))
  }

  func map(_ parameters: Parameters, size: Int) -> Homography {
    .crop(left: parameters.left, top: parameters.top)
  }
}
