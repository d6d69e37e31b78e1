import SentryImaging

/// Makes a network's input from decoded faces: as it is for evaluation, at random for training.
public struct FaceAugmenter: Sendable {
  public enum Strength: Int, Sendable {
    /// Resized and normalised only; the seed has no influence.
    case evaluation = 0
    case standard = 1
    case aggressive = 2
    /// Less than `standard`.
    case mild = 3
  }

  /// The side of the result in pixels.
  public let imageSize: Int
  private let mild: FaceAugmentation
  private let standard: FaceAugmentation
  private let aggressive: FaceAugmentation

  /// - Throws: ``ImagingError`` with code `invalidArgument` where no input can have that size.
  public init(imageSize: Int) throws(ImagingError) {
    self.imageSize = imageSize
    mild = try .mild(size: imageSize)
    standard = try .standard(size: imageSize)
    aggressive = try .aggressive(size: imageSize)
  }

  /// Writes one input, [1, imageSize, imageSize] in −1…1. Equal arguments give equal bytes. [any]
  ///
  /// - Throws: ``ImagingError`` where `target` has another size or OpenCV fails.
  public func apply(
    _ image: Image, strength: Strength, seed: UInt64, into target: UnsafeMutableBufferPointer<Float>
  ) throws(ImagingError) {
    guard target.count == imageSize * imageSize else {
      throw ImagingError(
        .invalidArgument, reason: "room for \(target.count) values instead of \(imageSize * imageSize)",
        hint: "give a buffer of \(imageSize) × \(imageSize) values")
    }
    var random = SplitMix64(seed: seed)
    switch strength {
    case .evaluation: try image.evaluationInput(size: imageSize, into: target)
    case .mild: try mild.apply(to: image, into: target, using: &random)
    case .standard: try standard.apply(to: image, into: target, using: &random)
    case .aggressive: try aggressive.apply(to: image, into: target, using: &random)
    }
  }

  /// As above, in memory of its own.
  func apply(_ image: Image, strength: Strength, seed: UInt64) throws(ImagingError) -> [Float] {
    var result = [Float](repeating: 0, count: imageSize * imageSize)
    try result.withUnsafeMutableBufferPointer { target throws(ImagingError) in
      try apply(image, strength: strength, seed: seed, into: target)
    }
    return result
  }
}
