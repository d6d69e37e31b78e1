import SentryImaging

/// Pictures as the frames of a source without times: frame *n* comes at *n* ÷ ``ReadingOptions/pictureRate``. One that cannot be
/// decoded is left out, counted and told; the others keep their numbers.
final class PictureReader: FrameReader {
  private(set) var description = VideoDescription(kind: .pictures, width: 0, height: 0, codec: "pictures")
  private(set) var report = ReadingReport()
  private let paths: [String]
  private let options: ReadingOptions
  private var index = 0
  private var hasDelivered = false
  /// The first picture, which describes the source.
  private var first: DecodedFrame?

  init(_ paths: [String], _ options: ReadingOptions) throws(VideoError) {
    (self.paths, self.options) = (paths, options)
    guard options.pictureRate > 0, options.pictureRate.isFinite else {
      throw VideoError(
        .invalidArgument, place: "", "\(options.pictureRate) pictures a second", hint: "give a number above 0")
    }
    description.rate = options.pictureRate
    description.frames = paths.count
    description.seconds = Double(paths.count) / options.pictureRate
    first = try read()
    if let image = first?.image { (description.width, description.height) = (image.width, image.height) }
  }

  func next() throws(VideoError) -> DecodedFrame? {
    if let frame = first {
      first = nil
      return frame
    }
    return try read()
  }

  private func read() throws(VideoError) -> DecodedFrame? {
    while index < paths.count {
      if options.isCancelled() {
        throw VideoError(.cancelled, place: paths[index], "cancelled", hint: "start again to read it")
      }
      let number = index
      index += 1
      do throws(ImagingError) {
        let image = try Image.load(path: paths[number], limits: options.limits).inColour()
        hasDelivered = true
        return DecodedFrame(index: number, seconds: Double(number) / options.pictureRate, image: image)
      } catch {
        report.undecodable += 1
        report.firstFault = report.firstFault ?? error.description
        // There is no other picture that could be shown.
        if number == paths.count - 1, !hasDelivered { throw failure(error) }
      }
    }
    return nil
  }

  private func failure(_ error: ImagingError) -> VideoError {
    if paths.count > 1 {
      return VideoError(
        .undecodable, place: paths[0], "none of \(paths.count) pictures can be decoded: \(report.firstFault ?? "")",
        hint: "replace or remove them")
    }
    let code: VideoError.Code =
      switch error.code {
      case .unreadable: .unreadable
      case .empty: .empty
      case .truncated: .truncated
      case .tooLarge: .tooLarge
      case .outOfMemory: .outOfMemory
      default: .undecodable
      }
    return VideoError(code, place: error.place, error.reason, hint: error.hint)
  }
}
