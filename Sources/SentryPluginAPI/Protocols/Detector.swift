/// Finds instances (faces, persons, …) in images, uint8 [H, W, 3] RGB and upright. One call at a time.
public protocol Detector: Sendable {
  var specification: DetectorSpecification { get }

  /// The instances in one image, highest score first.
  func detect(in image: Tensor) throws -> [Instance]

  /// Starts a video or a camera. Without an implementation of its own, each image is searched alone.
  func makeSession() throws -> any DetectorSession
}

/// One video on its way through a detector, which may track instances from image to image.
public protocol DetectorSession: AnyObject {
  /// The instances in the next image. The result depends only on the images and times of this session.
  ///
  /// - Parameter time: seconds, increasing.
  func next(_ image: Tensor, at time: Double) throws -> [Instance]
}

extension Detector {
  public func makeSession() throws -> any DetectorSession { SeparateImages(detector: self) }
}

/// A session without tracking.
private final class SeparateImages: DetectorSession {
  private let detector: any Detector
  init(detector: any Detector) { self.detector = detector }
  func next(_ image: Tensor, at time: Double) throws -> [Instance] { try detector.detect(in: image) }
}
