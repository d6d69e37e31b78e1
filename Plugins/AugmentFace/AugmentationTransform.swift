import SentryImaging

/// A random change of where things are in the square picture that the network sees.
///
/// Drawing is apart from applying, so that tests can ask for the change at given parameters.
protocol GeometricTransform: Sendable {
  associatedtype Parameters: Sendable

  /// Draws parameters; nil says that nothing is done this time.
  ///
  /// - Parameter size: the picture's side in pixels.
  func draw(size: Int, using random: inout some RandomNumberGenerator) -> Parameters?

  /// The map from the picture after the change to the picture before it.
  func map(_ parameters: Parameters, size: Int) throws(ImagingError) -> Homography
}

extension GeometricTransform {
  /// The map of one random change.
  func randomMap(size: Int, using random: inout some RandomNumberGenerator) throws(ImagingError) -> Homography {
    guard let parameters = draw(size: size, using: &random) else { return .identity }
    return try map(parameters, size: size)
  }
}

/// A random change of the values of the picture.
protocol PhotometricTransform: Sendable {
  associatedtype Parameters: Sendable

  /// Draws parameters; nil says that nothing is done this time.
  func draw(using random: inout some RandomNumberGenerator) -> Parameters?

  func apply(_ parameters: Parameters, to image: inout Image) throws(ImagingError)
}

extension PhotometricTransform {
  /// One random change.
  func applyRandomly(to image: inout Image, using random: inout some RandomNumberGenerator) throws(ImagingError) {
    guard let parameters = draw(using: &random) else { return }
    try apply(parameters, to: &image)
  }
}
