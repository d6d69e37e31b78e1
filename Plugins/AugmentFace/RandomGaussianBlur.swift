import SentryImaging

/// torchvision's `RandomApply` of a `GaussianBlur`.
struct RandomGaussianBlur: PhotometricTransform {
  /// Odd, in pixels of the network's input, whatever its size.
  let kernelSize: Int
  let sigma: ClosedRange<Double>
  let probability: Double

  /// The standard deviation in pixels.
  func draw(using random: inout some RandomNumberGenerator) -> Double? {
    random.chance(probability) ? random.uniform(sigma) : nil
  }

  func apply(_ parameters: Double, to image: inout Image) throws(ImagingError) {
    image = try image.gaussianBlurred(kernelSize: kernelSize, sigma: parameters)
  }
}
