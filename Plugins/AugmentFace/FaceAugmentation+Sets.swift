import SentryImaging

/// The sets of transforms. The standard and the aggressive one are those of the guide; their margins are given for an input of
/// 224 pixels and scale with it.
extension FaceAugmentation {
  /// For networks that start from random weights: the whole face stays in the picture, so there is no margin to crop, and what the
  /// guide's sets have for the robustness of a pretrained network (shear, perspective, blur, colour) is left out.
  static func mild(size: Int) throws(ImagingError) -> FaceAugmentation {
    try FaceAugmentation(
      size: size,
      resizedSize: size,
      geometry: [
        RandomHorizontalFlip(probability: 0.5),
        RandomAffine(degrees: 10, translation: 0.1, scale: 0.9...1.1, shear: 0),
      ],
      jitter: ColorJitter(brightness: 0.2, contrast: 0.2, saturation: 0, hue: 0),
      filters: [],
      erasing: RandomErasing(probability: 0.25, area: 0.02...0.2, ratio: 0.3...3.3))
  }

  static func standard(size: Int) throws(ImagingError) -> FaceAugmentation {
    let margin = try standardMargin(size: size)
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

  /// How much larger than the input the picture is that the standard set crops from.
  static func standardMargin(size: Int) throws(ImagingError) -> Int { try margin(32, size) }

  private static func margin(_ pixels: Int, _ size: Int) throws(ImagingError) -> Int {
    try check(size: size)
    return (pixels * size + 112) / 224
  }
}
