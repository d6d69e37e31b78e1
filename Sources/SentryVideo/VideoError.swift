/// What went wrong with a video: a code to act on, the source, why, and what to do.
public struct VideoError: Error, Equatable, Sendable {
  public enum Code: String, Sendable {
    /// The source does not exist or may not be read.
    case unreadable
    /// The file has no bytes.
    case empty
    /// The file is no video that FFmpeg reads.
    case unknownFormat = "unknown-format"
    /// The file ends before what is needed to read anything of it.
    case truncated
    /// There is sound or text, and no picture.
    case noVideo = "no-video"
    /// Nothing of the source can be decoded.
    case undecodable
    /// A folder or pattern without pictures.
    case noPictures = "no-pictures"
    /// A frame is larger than allowed.
    case tooLarge = "too-large"
    /// The camera or the server does not answer.
    case timeout
    case cancelled
    /// FFmpeg or SDL is not installed, or lacks what is needed.
    case missingLibrary = "missing-library"
    /// There is no screen to open a window on.
    case noDisplay = "no-display"
    case cannotWrite = "cannot-write"
    case invalidArgument = "invalid-argument"
    case outOfMemory = "out-of-memory"
    /// FFmpeg or SDL failed otherwise.
    case failed
  }

  public let code: Code
  /// The file, address or device.
  public let place: String
  public let reason: String
  public let hint: String

  public init(_ code: Code, place: String, _ reason: String, hint: String) {
    (self.code, self.place, self.reason, self.hint) = (code, place, reason, hint)
  }
}

extension VideoError: CustomStringConvertible {
  public var description: String { (place.isEmpty ? "" : "\(place): ") + "\(reason) (\(hint))" }
}
