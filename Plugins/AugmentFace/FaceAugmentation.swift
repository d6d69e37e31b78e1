import SentryImaging

/// A set of random transforms that makes one training picture of a face from the decoded image.
///
/// All geometry is composed into one map, and the image is sampled once, from its own pixels. torchvision samples
/// after every step: there, a picture loses sharpness each time, and what leaves it in one step is lost for the next.
///
/// Colour jitter, which torchvision does between rotation and affine map, is done on the smaller of image and picture.
/// Curves of values commute with geometry up to interpolation; what differs is the black around a moved picture
/// (torchvision jitters that of the rotation) and the mean that contrast turns about (of the whole image, where that
/// is the smaller).
struct FaceAugmentation: Sendable {
  /// The side of the result in pixels.
  let size: Int
  /// What the whole image is resized to before the crop.
  let resizedSize: Int
  let geometry: [any GeometricTransform]
  let jitter: ColorJitter
  /// What looks at neighbours or at the finished picture.
  let filters: [any PhotometricTransform]
  let erasing: RandomErasing

  /// - Throws: ``ImagingError`` with code `invalidArgument` where no picture can have that size.
  init(
    size: Int, resizedSize: Int, geometry: [any GeometricTransform], jitter: ColorJitter,
    filters: [any PhotometricTransform], erasing: RandomErasing
  ) throws(ImagingError) {
    try FaceAugmentation.check(size: size)
    self.size = size
    self.resizedSize = resizedSize
    self.geometry = geometry
    self.jitter = jitter
    self.filters = filters
    self.erasing = erasing
  }

  /// From the smallest that the blur's mirrored border allows to what OpenCV's 16-bit coordinates do.
  static let sizes = 8...8192

  static func check(size: Int) throws(ImagingError) {
    guard sizes.contains(size) else {
      throw ImagingError(
        .invalidArgument, reason: "an input of \(size) pixels a side",
        hint: "give a size from \(sizes.lowerBound) to \(sizes.upperBound)")
    }
  }

  /// One random picture: grey, [1, size, size], −1…1.
  ///
  /// - Precondition: `target` has room for size × size values.
  func apply(
    to image: Image, into target: UnsafeMutableBufferPointer<Float>, using random: inout some RandomNumberGenerator
  ) throws(ImagingError) {
    var map = Homography.resize(source: [image.width, image.height], target: [resizedSize, resizedSize])
    for transform in geometry { map = try map * transform.randomMap(size: size, using: &random) }
    let adjustments = jitter.draw(using: &random)
    let isEnlarged = image.width * image.height <= size * size
    var source = image
    if isEnlarged, let adjustments { try jitter.apply(adjustments, to: &source) }
    var picture = try source.warped(by: map, width: size, height: size)
    if !isEnlarged, let adjustments { try jitter.apply(adjustments, to: &picture) }
    for transform in filters { try transform.applyRandomly(to: &picture, using: &random) }
    try picture.grey().normalise(into: target)
    if let rectangle = erasing.draw(size: size, using: &random) { erasing.apply(rectangle, to: target, size: size) }
  }
}
