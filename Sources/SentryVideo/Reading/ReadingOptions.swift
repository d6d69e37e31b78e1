import SentryImaging

/// How a source is read.
public struct ReadingOptions: Sendable {
  /// Pictures have no time: how many of them make a second.
  public var pictureRate = 25.0
  /// How long a server or a camera may take for an answer.
  public var timeout = 10.0
  /// Leaves out frames of a live source that came while the one before was worked on. Frames of files are never left out.
  public var keepsPace = false
  /// The size to ask a camera for; it may give another.
  public var cameraSize: (width: Int, height: Int)?
  /// The frames a second to ask a camera for; it may give another rate.
  public var cameraRate: Double?
  /// Larger frames are refused.
  public var limits = ImageLimits()
  /// Asked while something is waited for.
  public var isCancelled: @Sendable () -> Bool = { false }

  public init() {}
}
