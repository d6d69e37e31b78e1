import SentryPluginAPI

/// A server that shows frames in browsers. Only some programs have one.
package protocol LiveServing: AnyObject, Sendable {
  /// What to open in a browser.
  var url: String { get }

  /// Whether somebody looks.
  var isWatched: Bool { get }

  /// What shows frames.
  /// - Parameters:
  ///   - source: the name that is shown.
  ///   - encode: makes a JPEG file of uint8 [H, W, 3].
  func sink(source: String, isLive: Bool, encode: @escaping (Tensor) throws -> [UInt8]) -> any LiveSink

  /// Sends everybody away and closes the port.
  func stop()
}
