/// What went wrong with an image: a code to act on, where, why, and what to do.
public struct ImagingError: Error, Equatable, Sendable {
  public enum Code: String, Sendable {
    /// The file cannot be opened or read.
    case unreadable
    /// The file has no bytes.
    case empty
    /// Not a JPEG, PNG or BMP file.
    case unknownFormat
    /// The header contradicts itself or the format.
    case damagedHeader
    /// The data end before the image does.
    case truncated
    /// More pixels or bytes than allowed.
    case tooLarge
    /// The decoder rejects the data.
    case undecodable
    case invalidArgument
    case outOfMemory
    /// OpenCV failed.
    case failed
  }

  public let code: Code
  /// The file or the row that the image came from; empty where there is none.
  public var place: String
  public let reason: String
  public let hint: String

  public init(_ code: Code, place: String = "", reason: String, hint: String) {
    self.code = code
    self.place = place
    self.reason = reason
    self.hint = hint
  }

  static func invalidArgument(_ reason: String, hint: String) -> ImagingError {
    ImagingError(.invalidArgument, reason: reason, hint: hint)
  }
}

extension ImagingError: CustomStringConvertible {
  public var description: String {
    (place.isEmpty ? "" : "\(place): ") + "\(reason) (\(hint))"
  }
}
