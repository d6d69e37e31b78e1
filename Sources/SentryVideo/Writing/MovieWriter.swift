import CFFmpeg
import SentryBase
import SentryImaging

/// Writes frames into an mp4 file or mov file (H.264), each with its own time. The file gets its name when it is finished; until then, and where
/// anything fails, there is nothing under that name, or what was there before.
///
/// - The first frame's size is the video's. Later frames of another size are scaled to fit it, with black bars.
/// - H.264 with 4:2:0 has even sides: an odd side is enlarged by one, and the last row or column repeated.
/// - Times are kept to 1/90,000 s. They increase; a file's first time lies at 0 or above: where the first frame's is below, all are moved.
public final class MovieWriter {
  public let path: String
  private let quality: Int
  private let rate: Double
  /// Made with the first frame, whose size it needs.
  private var encoder: Encoder?
  private var muxer: Muxer?
  private var canvas: FrameCanvas?
  private var clock: WritingClock
  private var isFinished = false
  public private(set) var frames = 0

  /// FFmpeg's names of the containers, which are the endings of their files.
  private static let containers = ["mp4", "mov"]

  /// - Parameters:
  ///   - rate: frames a second as a player is to think of it; each frame keeps its own time.
  ///   - quality: x264's constant rate factor, 0 (without loss) to 51.
  /// - Throws: ``VideoError`` where no such file can be made.
  public init(_ path: String, rate: Double = 25, quality: Int = 23) throws(VideoError) {
    (self.path, self.quality, clock) = (path, quality, WritingClock())
    self.rate = rate.isFinite && rate >= 1 && rate <= 1000 ? rate : 25
    guard (0...51).contains(quality) else {
      throw VideoError(
        .invalidArgument, place: path, "the quality \(quality)", hint: "give a number from 0 (best) to 51")
    }
    guard let container = Self.containers.first(where: { path.lowercased().hasSuffix(".\($0)") }) else {
      throw VideoError(
        .invalidArgument, place: path, "a video of this kind is not written",
        hint: "let the name end in \(Self.containers.map { "." + $0 }.joined(separator: " or "))")
    }
    muxer = try Muxer(path, as: container, try FFmpeg.load())
  }

  /// Appends a frame.
  /// - Parameter seconds: later than the frame before.
  /// - Throws: ``VideoError``: `cannotWrite` for a full disk; `invalidArgument` for a time that does not increase.
  public func append(_ image: Image, seconds: Double) throws(VideoError) {
    guard !isFinished, let muxer else { throw finishedAlready() }
    let stamp = try clock.stamp(seconds, path)
    do throws(VideoError) {
      let (canvas, encoder) = try begun(muxer, image)
      try encoder.encode(canvas.draw(image), at: stamp)
      frames += 1
    } catch {
      abandon()
      throw error
    }
  }

  private func begun(_ muxer: Muxer, _ image: Image) throws(VideoError) -> (FrameCanvas, Encoder) {
    if let canvas, let encoder { return (canvas, encoder) }
    let canvas = try FrameCanvas(muxer.av, image.width, image.height, path)
    let encoder = try Encoder(muxer, canvas, rate: rate, quality: quality)
    (self.canvas, self.encoder) = (canvas, encoder)
    return (canvas, encoder)
  }

  /// Writes what is left and gives the file its name.
  /// - Throws: ``VideoError``; also where no frame was appended.
  public func finish() throws(VideoError) {
    guard !isFinished, let muxer else { throw finishedAlready() }
    defer { abandon() }
    guard let encoder else {
      throw VideoError(.invalidArgument, place: path, "no frame was written", hint: "check the source")
    }
    try encoder.finish(after: clock.lastStep)
    try muxer.finish()
  }

  /// Leaves nothing behind, as does dropping an unfinished writer.
  private func abandon() {
    isFinished = true
    (encoder, canvas, muxer) = (nil, nil, nil)
  }

  private func finishedAlready() -> VideoError {
    VideoError(.invalidArgument, place: path, "this file is finished or has failed", hint: "begin another")
  }
}
