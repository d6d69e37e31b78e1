import CSentryPlugin
import SentryImaging
import SentryPluginAPI
import SentryVideo

extension FFmpegVideo: VideoWriting {
  func create(_ path: String, rate: Double) throws -> any VideoWriter {
    try mappingVideoErrors { WrittenVideo(try MovieWriter(path, rate: rate, quality: options.quality)) }
  }
}

/// A video that is being written.
final class WrittenVideo: VideoWriter {
  private let writer: MovieWriter

  init(_ writer: MovieWriter) { self.writer = writer }

  func write(_ image: Tensor, at time: Double) throws {
    let (width, height) = try image.pictureSize
    try mappingVideoErrors {
      try writer.append(Image(width: width, height: height, channels: 3, pixels: image.array()), seconds: time)
    }
  }

  func finish() throws { try mappingVideoErrors { try writer.finish() } }
}

extension Tensor {
  /// Width and height of uint8 [H, W, 3].
  /// - Throws: ``PluginError`` for another tensor.
  var pictureSize: (width: Int, height: Int) {
    get throws {
      guard dtype == .uint8, shape.count == 3, shape[2] == 3, shape[0] > 0, shape[1] > 0 else {
        throw PluginError.invalid("a picture is uint8 [H, W, 3]; this tensor is \(dtype) \(shape)")
      }
      return (shape[1], shape[0])
    }
  }

  /// Runs the body with the pixels of a picture.
  func withPicture<Result>(
    _ body: (UnsafeMutablePointer<UInt8>, _ width: Int, _ height: Int) throws -> Result
  ) throws -> Result {
    let (width, height) = try pictureSize
    return try withExtendedLifetime(self) {
      guard let base = try elements(as: UInt8.self).baseAddress else { throw PluginError.invalid("an empty picture") }
      do {
        return try body(base, width, height)
      } catch let error as ImagingError {
        throw PluginError(
          error.reason, hint: error.hint,
          code: error.code == .outOfMemory ? SENTRY_NO_MEMORY : SENTRY_INVALID)
      }
    }
  }
}
