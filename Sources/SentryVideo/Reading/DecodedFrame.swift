import SentryImaging

/// One frame as it is to be looked at: RGB and upright.
public struct DecodedFrame: Sendable {
  /// The frame's number in the source, from 0. For a live source also those count that were left out to keep pace.
  public let index: Int
  /// The container's own time of the frame: its time stamp × the time base of its stream, what ffprobe shows as
  /// `best_effort_timestamp_time`. It may begin below 0, and frames may lie unevenly.
  public let seconds: Double
  /// height × width × 3 values in the frame's own size: a size that changes within a source is passed on.
  public var image: Image

  public init(index: Int, seconds: Double, image: Image) {
    (self.index, self.seconds, self.image) = (index, seconds, image)
  }
}

/// What a source says of itself before its frames are decoded.
public struct VideoDescription: Sendable, Equatable {
  public enum Kind: String, Sendable { case file, camera, stream, pictures }

  public var kind: Kind
  /// Of an upright frame; a later one may have another size.
  public var width: Int
  public var height: Int
  /// The mean rate in frames a second as announced; nil where it is not known.
  public var rate: Double?
  /// How many frames there are, as announced, which need not be true; nil where it is not known.
  public var frames: Int?
  public var seconds: Double?
  /// How far the stored frames are turned clockwise; 0…3.
  public var quarterTurns = 0
  /// Of the video, such as `h264`; the format of the first picture for pictures.
  public var codec: String
  /// Frames come at their own pace, and there is no end.
  public var isLive: Bool { kind == .camera || kind == .stream }
}

/// What was not as it should be in what has been read so far.
public struct ReadingReport: Sendable, Equatable {
  /// Packets or pictures that could not be decoded.
  public var undecodable = 0
  /// Frames of which parts were lost and filled in by the decoder.
  public var concealed = 0
  /// Frames without a time in the container, which were given one after the frame before.
  public var untimed = 0
  /// Frames of a live source that were left out to keep pace.
  public var skipped = 0
  /// Why the source ends before the end that it announces; nil where it does not.
  public var truncation: String?
  /// The first fault in the decoder's words.
  public var firstFault: String?

  public init() {}
}

/// The frames of one source, one after the other, in memory that does not grow with its length. One call at a time.
public protocol FrameReader: AnyObject {
  var description: VideoDescription { get }
  var report: ReadingReport { get }
  /// The next frame; nil at the end.
  /// - Throws: ``VideoError``: `undecodable` or `truncated` at the end of a source of which no frame could be decoded; `timeout`, `cancelled`,
  ///   `tooLarge`, `outOfMemory`.
  func next() throws(VideoError) -> DecodedFrame?
}
