import SentryImaging

/// torchvision's `RandomHorizontalFlip`.
struct RandomHorizontalFlip: GeometricTransform {
  let probability: Double

  struct Parameters: Sendable {}

  func draw(size: Int, using random: inout some RandomNumberGenerator) -> Parameters? {
    random.chance(probability) ? Parameters() : nil
  }

  func map(_ parameters: Parameters, size: Int) -> Homography { .horizontalFlip(width: size) }
}
