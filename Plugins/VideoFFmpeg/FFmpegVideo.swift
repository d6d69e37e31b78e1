import SentryPluginAPI
import SentryVideo

/// The border's view of ``SentryVideo``.
struct FFmpegVideo: VideoBackend {
  let options: FFmpegOptions
  let host: Host

  init(_ options: FFmpegOptions, host: Host) { (self.options, self.host) = (options, host) }

  func open(_ source: String) throws -> any VideoReader {
    try mappingVideoErrors { try OpenVideo(VideoSource(source).open(options.reading(host))) }
  }

  /// Cameras, addresses and what is there and can be read; nothing is opened. One picture is a poor video.
  static func score(_ source: String) -> Int {
    switch try? VideoSource(source) {
    case nil: 0
    case .pictures([source]): 40
    case .camera, .stream, .pictures: 60
    case .file(let path): VideoSource.fileExtensions.contains { path.lowercased().hasSuffix("." + $0) } ? 60 : 5
    }
  }
}

/// A source that is being read.
final class OpenVideo: VideoReader {
  private let reader: any FrameReader
  let specification: VideoSpecification

  init(_ reader: any FrameReader) {
    self.reader = reader
    let description = reader.description
    specification = VideoSpecification(
      width: description.width, height: description.height, live: description.isLive, rate: description.rate,
      duration: description.seconds, frames: description.frames, rotation: description.quarterTurns * 90)
  }

  func next() throws -> VideoFrame? {
    guard let frame = try mappingVideoErrors({ try reader.next() }) else { return nil }
    let image = frame.image
    return VideoFrame(
      image: Tensor([image.height, image.width, 3], image.pixels), time: frame.seconds, index: frame.index)
  }

  var notes: [String] { reader.report.sentences }
}

/// Runs the body and throws its failure as the border knows it.
func mappingVideoErrors<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as VideoError {
    // The source is no culprit.
    if error.code == .cancelled { throw PluginError("stopped by the user", code: error.code.ofBorder) }
    let place = error.place.isEmpty ? "" : "\(error.place): "
    throw PluginError(place + error.reason, hint: error.hint, code: error.code.ofBorder)
  }
}
