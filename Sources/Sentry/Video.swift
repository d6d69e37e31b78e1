internal import SentryInference
internal import SentryPluginAPI

/// An open video, picture, folder of pictures, stream or camera.
///
/// ```swift
/// let video = try Video("talk.mp4")
/// while let frame = try video.next() { print(frame.time) }
/// ```
///
/// For use by one thread at a time.
public final class Video {
  private let reader: any VideoReader

  /// - Parameters:
  ///   - source: a path, a URL, or the number of a camera.
  ///   - plugins: where plugins come from.
  /// - Throws: if the source cannot be opened; the error says why.
  public init(_ source: String, plugins: Plugins = .standard) throws {
    reader = try plugins.runtime().using { try $0.video.get().open(source) }
  }

  /// The next frame, upright, with the time that the source states; nil at the end.
  public func next() throws -> Frame? { try reader.next().map(Frame.init) }

  /// Faults that did not end the reading, one sentence each.
  public var notes: [String] { reader.notes }
}
