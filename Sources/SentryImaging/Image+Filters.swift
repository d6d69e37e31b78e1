import COpenCV

/// torchvision's functional filters on 8-bit images.
extension Image {
  /// `gaussian_blur` with a square kernel, within one level (OpenCV's weights are fixed point).
  ///
  /// - Parameters:
  ///   - kernelSize: odd; half of it must be smaller than the image, whose border is mirrored.
  ///   - sigma: standard deviation in pixels, above 0.
  public func gaussianBlurred(kernelSize: Int, sigma: Double) throws(ImagingError) -> Image {
    guard kernelSize > 0, kernelSize % 2 == 1, kernelSize / 2 < min(width, height), sigma > 0, sigma.isFinite else {
      throw .invalidArgument(
        "a Gaussian blur of a \(width)×\(height) image with kernel size \(kernelSize) and sigma \(sigma)",
        hint: "the kernel size is odd and its half smaller than the image, sigma is above 0")
    }
    return try filtered("Gaussian blur") { source, target, message, size in
      sentry_cv_gaussian_blur(source, target, Int32(kernelSize), sigma, message, size)
    }
  }

  /// `adjust_sharpness`: 0 smooths, 1 changes nothing, 2 sharpens. Images of at most 2 pixels a side stay as they are.
  public func sharpnessAdjusted(_ factor: Double) throws(ImagingError) -> Image {
    try Image.check(factor: factor, "sharpness")
    guard width > 2, height > 2 else { return self }
    let kernel: [Float] = [1, 1, 1, 1, 5, 1, 1, 1, 1].map { $0 / 13 }
    var result = try filtered("smoothing") { source, target, message, size in
      sentry_cv_filter3x3(source, target, kernel, message, size)
    }
    let blend = Blend(factor)
    let stride = width * channels
    // The outermost pixels count as smoothed already: torchvision's filter does not reach them.
    let inner = channels..<stride - channels
    for row in 0..<height {
      for column in 0..<stride {
        let index = row * stride + column
        let value = Float(pixels[index])
        let filtered = row > 0 && row < height - 1 && inner.contains(column)
        result.pixels[index] = blend(value, filtered ? Float(result.pixels[index]) : value)
      }
    }
    return result
  }

  /// `autocontrast`: stretches each channel so that it spans all levels.
  public mutating func autocontrast() {
    for channel in 0..<channels {
      var (least, most) = (UInt8.max, UInt8.min)
      for index in stride(from: channel, to: pixels.count, by: channels) {
        (least, most) = (min(least, pixels[index]), max(most, pixels[index]))
      }
      guard least < most else { continue }
      // Not 255 / range: PyTorch divides a number by a tensor in these two steps.
      let scale = 1 / (Float(most) - Float(least)) * 255
      let curve = ToneCurve { UInt8(max(0, min(255, (Float($0) - Float(least)) * scale))) }
      for index in stride(from: channel, to: pixels.count, by: channels) {
        pixels[index] = curve.levels[Int(pixels[index])]
      }
    }
  }
}
