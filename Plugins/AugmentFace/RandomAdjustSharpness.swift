import SentryImaging

/// torchvision's `RandomAdjustSharpness`.
struct RandomAdjustSharpness: PhotometricTransform {
  /// 2 sharpens twofold.
  let factor: Double
  let probability: Double

  func draw(using random: inout some RandomNumberGenerator) -> Double? {
    random.chance(probability) ? factor : nil
  }

  func apply(_ parameters: Double, to image: inout Image) throws(ImagingError) {
    image = try image.sharpnessAdjusted(parameters)
  }
}
