import SentryImaging

/// The two sets of reference 1, "Augmentation". Margins are given for an input of 224 pixels and scale with it.
extension FaceAugmentation {
  static func standard(size: Int) throws(ImagingError) -> FaceAugmentation {
    let margin = try margin(32, size)
    return try FaceAugmentation(
      size: size,
      resizedSize: size + margin,
      geometry: [
        RandomCrop(margin: margin),
        RandomHorizontalFlip(probability: 0.5),
        RandomRotation(degrees: 20),
        RandomAffine(degrees: 10, translation: 0.15, scale: 0.85...1.15, shear: 10),
        RandomPerspective(distortion: 0.1, probability: 0.2),
      ],
      jitter: ColorJitter(brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.15),
      filters: [
        RandomGaussianBlur(kernelSize: 3, sigma: 0.1...2, probability: 0.2)
      ],
      erasing: RandomErasing(probability: 0.25, area: 0.02...0.2, ratio: 0.3...3.3))
  }

  static func aggressive(size: Int) throws(ImagingError) -> FaceAugmentation {
    let margin = try margin(48, size)
    return try FaceAugmentation(
      size: size,
      resizedSize: size + margin,
      geometry: [
        RandomCrop(margin: margin),
        RandomHorizontalFlip(probability: 0.5),
        RandomRotation(degrees: 30),
        RandomAffine(degrees: 15, translation: 0.2, scale: 0.8...1.2, shear: 15),
        RandomPerspective(distortion: 0.15, probability: 0.3),
      ],
      jitter: ColorJitter(brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.2),
      filters: [
        RandomGaussianBlur(kernelSize: 5, sigma: 0.1...3, probability: 0.3),
        RandomAdjustSharpness(factor: 2, probability: 0.2),
        RandomAutocontrast(probability: 0.2),
      ],
      erasing: RandomErasing(probability: 0.3, area: 0.02...0.25, ratio: 0.3...3.3))
  }

  private static func margin(_ pixels: Int, _ size: Int) throws(ImagingError) -> Int {
    try check(size: size)
    return (pixels * size + 112) / 224
  }
}
