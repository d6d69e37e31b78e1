import COpenCV

/// torchvision's functional colour operations on 8-bit tensors, equal to the last bit. In torchvision the tensor and
/// the Pillow form of an operation differ by a level here and there; the tensor form is the reference.
///
/// Every factor is torchvision's: 0 takes the property away, 1 changes nothing, and a factor must not be negative.
extension Image {
  public mutating func adjustBrightness(_ factor: Double) throws(ImagingError) {
    try Image.check(factor: factor, "brightness")
    apply(.brightness(factor))
  }

  public mutating func adjustContrast(_ factor: Double) throws(ImagingError) {
    try Image.check(factor: factor, "contrast")
    apply(.contrast(factor, mean: meanLuma()))
  }

  /// Nothing happens to a grey image.
  public mutating func adjustSaturation(_ factor: Double) throws(ImagingError) {
    try Image.check(factor: factor, "saturation")
    guard channels == 3 else { return }
    let blend = Blend(factor)
    forEachColour { colour in
      let luma = Float(Image.luma(colour))
      return SIMD3(
        blend(Float(colour.x), luma), blend(Float(colour.y), luma), blend(Float(colour.z), luma))
    }
  }

  /// The grey image of an RGB image by ITU-R BT.601, rounded to the nearest level; a grey image as it is.
  ///
  /// This is `Grayscale` on a PIL image (OpenCV's fixed point, at most one level from Pillow's). torchvision's tensor
  /// form rounds down, which darkens a grey picture by one level; it is used only inside the operations above.
  public func grey() throws(ImagingError) -> Image {
    guard channels == 3 else { return self }
    return try filtered("conversion to grey", channels: 1) { source, target, message, size in
      sentry_cv_grey(source, target, message, size)
    }
  }

  /// RGB: a grey picture with its value in all three channels.
  public func inColour() -> Image {
    guard channels == 1 else { return self }
    return Image(trusted: width, height, 3, pixels.flatMap { [$0, $0, $0] })
  }

  static func check(factor: Double, _ name: StaticString) throws(ImagingError) {
    guard factor >= 0, factor.isFinite else {
      throw .invalidArgument("a \(name) factor of \(factor)", hint: "factors are at least 0; 1 changes nothing")
    }
  }

  /// torchvision's `rgb_to_grayscale` of one 8-bit colour.
  @inline(__always)
  static func luma(_ colour: SIMD3<UInt8>) -> UInt8 {
    UInt8(0.2989 * Float(colour.x) + 0.587 * Float(colour.y) + 0.114 * Float(colour.z))
  }

  private func meanLuma() -> Float {
    guard channels == 3 else { return Float(sum) / Float(pixels.count) }
    var sum = 0
    for index in stride(from: 0, to: pixels.count, by: 3) {
      sum &+= Int(Image.luma(SIMD3(pixels[index], pixels[index + 1], pixels[index + 2])))
    }
    return Float(sum) / Float(width * height)
  }

  @inline(__always)
  mutating func forEachColour(_ body: (SIMD3<UInt8>) -> SIMD3<UInt8>) {
    pixels.withUnsafeMutableBufferPointer { pixels in
      for index in stride(from: 0, to: pixels.count, by: 3) {
        let colour = body(SIMD3(pixels[index], pixels[index + 1], pixels[index + 2]))
        (pixels[index], pixels[index + 1], pixels[index + 2]) = (colour.x, colour.y, colour.z)
      }
    }
  }
}
