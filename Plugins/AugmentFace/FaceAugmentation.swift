import SentryImaging

/// A set of random transforms that makes one training picture of a face from the decoded image.
///
/// All geometry is composed into one map and the image is sampled once, from its own pixels; the photometric steps then run
/// on the small picture. torchvision samples after every step: there, a picture loses sharpness each time, what leaves it in
/// one step is lost for the next, and colour jitter comes between rotation and affine map, so that the black which the rotation
/// brought in is jittered too. Apart from these borders the two orders agree, since geometry and value curves commute up to
/// interpolation.
struct FaceAugmentation: Sendable {
  /// The side of the result in pixels.
  let size: Int
  /// What the whole image is resized to before the crop.
  let resizedSize: Int
  let geometry: [any GeometricTransform]
  let photometry: [any PhotometricTransform]
  let erasing: RandomErasing

  /// - Throws: ``ImagingError`` with code `invalidArgument` where no picture can have that size.
  init(
    size: Int, resizedSize: Int, geometry: [any GeometricTransform], photometry: [any PhotometricTransform],
    erasing: RandomErasing
  ) throws(ImagingError) {
    guard FaceAugmentation.sizes.contains(size) else {
      throw ImagingError(
        .invalidArgument, reason: "an input of \(size) pixels a side",
        hint: "give a size from \(FaceAugmentation.sizes.lowerBound) to \(FaceAugmentation.sizes.upperBound)")
    }
    self.size = size
    self.resizedSize = resizedSize
    self.geometry = geometry
    self.photometry = photometry
    self.erasing = erasing
  }

  /// From the smallest that the blur's mirrored border allows to what OpenCV's 16-bit coordinates do.
  static let sizes = 8...8192

  /// One random picture: grey, [1, size, size], −1…1.
  ///
  /// - Precondition: `target` has room for size × size values.
  func apply(
    to image: Image, into target: UnsafeMutableBufferPointer<Float>, using random: inout some RandomNumberGenerator
  ) throws(ImagingError) {
    var map = Homography.resize(source: [image.width, image.height], target: [resizedSize, resizedSize])
    for transform in geometry { map = try map * transform.randomMap(size: size, using: &random) }
    var picture = try image.warped(by: map, width: size, height: size)
    for transform in photometry { try transform.applyRandomly(to: &picture, using: &random) }
    try picture.grey().normalise(into: target)
    if let rectangle = erasing.draw(size: size, using: &random) { erasing.apply(rectangle, to: target, size: size) }
  }
}
