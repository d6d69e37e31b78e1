import SentryImaging

/// torchvision's `RandomAutocontrast`.
struct RandomAutocontrast: PhotometricTransform {
  let probability: Double

  struct Parameters: Sendable {}

  func draw(using random: inout some RandomNumberGenerator) -> Parameters? {
    random.chance(probability) ? Parameters() : nil
  }

  func apply(_ parameters: Parameters, to image: inout Image) { image.autocontrast() }
}
