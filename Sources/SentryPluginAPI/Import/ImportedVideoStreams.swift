import CSentryPlugin

final class ImportedVideoReader: VideoReader, @unchecked Sendable {
  // Unchecked: the border lets these be called one at a time alone.
  private let object: UnsafeMutablePointer<sentry_video_reader>
  /// Outlives the reader.
  private let backend: ImportedVideoBackend
  let specification: VideoSpecification

  init(adopting object: UnsafeMutablePointer<sentry_video_reader>, of backend: ImportedVideoBackend) throws {
    (self.object, self.backend) = (object, backend)
    try checkObject(object, atLeast: SENTRY_VIDEO_READER_SIZE_1_0, "sentry_video_reader")
    specification = try described(object.pointee.describe(object))
  }
  deinit { object.pointee.destroy(object) }

  func next() throws -> VideoFrame? {
    var frame = sentry_frame()
    frame.struct_size = UInt32(MemoryLayout<sentry_frame>.size)
    try backend.callee.call("reading a frame") { object.pointee.next(object, &frame, $0) }
    guard let image = try frame.image.map({ try Tensor(adopting: $0) }) else { return nil }
    guard image.dtype == .uint8, image.shape.count == 3, image.shape[2] == 3, image.count > 0, frame.time.isFinite
    else { throw PluginError("a frame is \(image.dtype) \(image.shape) at \(frame.time) s, expected uint8 [H, W, 3]") }
    return VideoFrame(image: image, time: frame.time, index: Int(frame.index))
  }

  var notes: [String] {
    do {
      let text = try given(object.pointee.report(object), "the report of the video")
      return try JSON.decode(VideoReport.self, from: text, what: "the report of the video").notes
    } catch { return [PluginError(error).description] }
  }
}

final class ImportedVideoWriter: VideoWriter, @unchecked Sendable {
  // Unchecked: the border lets these be called one at a time alone.
  private let object: UnsafeMutablePointer<sentry_video_writer>
  /// Outlives the writer.
  private let backend: ImportedVideoBackend

  init(adopting object: UnsafeMutablePointer<sentry_video_writer>, of backend: ImportedVideoBackend) throws {
    (self.object, self.backend) = (object, backend)
    try checkObject(object, atLeast: SENTRY_VIDEO_WRITER_SIZE_1_0, "sentry_video_writer")
  }
  deinit { object.pointee.destroy(object) }

  func write(_ image: Tensor, at time: Double) throws {
    try image.withBorderTensor { image in
      try backend.callee.call("writing a frame") { object.pointee.write(object, image, time, $0) }
    }
  }

  func finish() throws { try backend.callee.call("finishing a video") { object.pointee.finish(object, $0) } }
}
