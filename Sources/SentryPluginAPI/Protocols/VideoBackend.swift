/// Opens sources of frames: videos, pictures, cameras, streams.
public protocol VideoBackend: Sendable {
  /// - Parameter source: the path of a video, a picture or a folder of pictures, a URL, or the number of a camera.
  /// - Throws: ``PluginError`` that names the source and the reason.
  func open(_ source: String) throws -> any VideoReader
}

/// An open source. One call at a time.
public protocol VideoReader: AnyObject {
  var specification: VideoSpecification { get }

  /// The next frame in the order of presentation; nil at the end.
  func next() throws -> VideoFrame?

  /// Faults that did not end the reading, one sentence each.
  var notes: [String] { get }
}

/// A backend that lists cameras (`sentry.video.cameras/draft-1`).
public protocol CameraListing: VideoBackend {
  func cameras() throws -> CameraList
}

/// A backend that writes videos (`sentry.video.writing/draft-1`).
public protocol VideoWriting: VideoBackend {
  /// - Parameters:
  ///   - path: the file; its suffix selects the container.
  ///   - rate: the nominal number of frames per second; each frame keeps its own time.
  func create(_ path: String, rate: Double) throws -> any VideoWriter
}

/// A video on its way to a file. If it is released before ``finish()``, nothing is left under the file's name.
public protocol VideoWriter: AnyObject {
  /// - Parameters:
  ///   - image: uint8 [H, W, 3] RGB; all images have one size.
  ///   - time: seconds, increasing.
  func write(_ image: Tensor, at time: Double) throws

  func finish() throws
}

/// A backend that edits pictures, uint8 [H, W, 3] RGB (`sentry.video.pictures/draft-1`). Several threads call it at once.
public protocol PictureEditing: VideoBackend {
  /// The upright content of a rectangle. Outside of the image, its edge is repeated.
  func cut(_ region: ImageRegion, from image: Tensor) throws -> Tensor

  /// Draws on the image, in the order of the marks.
  func draw(_ marks: [ImageMark], on image: Tensor) throws

  /// The image as a JPEG file, uint8 [bytes].
  ///
  /// - Parameter quality: 1…100.
  func jpeg(of image: Tensor, quality: Int) throws -> Tensor
}

/// A backend that has a window (`sentry.video.window/draft-1`). The host calls it on the main thread.
public protocol WindowShowing: VideoBackend {
  /// Shows the image in the window of this title, which is opened by the first call.
  ///
  /// - Parameter seconds: how long to wait for a key.
  /// - Returns: the key.
  func show(_ image: Tensor, title: String, waiting seconds: Double) throws -> WindowKey
}

public enum WindowKey: Sendable, Equatable {
  case none
  case character(Character)
  /// The user closed the window.
  case closed
}
