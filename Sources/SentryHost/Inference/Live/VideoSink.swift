import SentryPluginAPI

/// Writes a video of what is drawn. Frames of another size than the first are an error that names the frame.
package final class VideoSink: LiveSink {
  private let writer: any VideoWriter
  private let path: String

  package let isDrawn = true

  /// - Parameter rate: frames per second, for players; each frame keeps its time.
  package init(_ path: String, _ video: ImportedVideoBackend, rate: Double, overwrite: Bool) throws {
    try OutputFiles.clear(path, overwrite: overwrite)
    self.path = path
    writer = try video.create(path, rate: rate)
  }

  package func receive(_ image: Tensor, _ frame: LiveFrame) throws -> LiveCommand {
    do {
      try writer.write(image, at: frame.time)
    } catch let error as PluginError {
      throw PluginError("\(path), frame \(frame.index): \(error.message)", hint: error.hint, code: error.code)
    }
    return .go
  }

  package func finish() throws { try writer.finish() }
}
