import CSDL

/// The window of the process. All calls from the main thread.
public enum PictureWindow {
  public enum Key: Equatable, Sendable {
    case none
    /// The key's character in lower case.
    case character(Character)
    /// The user has closed the window; the next picture opens it again.
    case closed
  }

  /// Shows a picture and waits for a key.
  /// - Parameters:
  ///   - pixels: height × width × 3 values RGB without gaps.
  ///   - seconds: how long to wait at most.
  /// - Throws: ``VideoError``: `noDisplay` where there is no screen, `missingLibrary` without SDL, `failed`.
  public static func show(
    _ pixels: UnsafePointer<UInt8>, width: Int, height: Int, title: String, waiting seconds: Double
  ) throws(VideoError) -> Key {
    var key: Int32 = 0
    var status = Int32(SENTRY_WINDOW_OK)
    let milliseconds = Int32(max(0, min(seconds.isFinite ? seconds : 0, 3600)) * 1000)
    let words = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      guard let base = buffer.baseAddress else { return "" }
      base.pointee = 0
      status = sentry_window_show(
        title, pixels, Int32(width), Int32(height), milliseconds, &key, base, buffer.count)
      return String(cString: base)
    }
    switch Int(status) {
    case SENTRY_WINDOW_OK: break
    case SENTRY_WINDOW_NO_LIBRARY:
      throw VideoError(
        .missingLibrary, place: "", "no window can be opened: \(words)",
        hint: "apt-get install libsdl2-2.0-0, or go without a window: --headless")
    case SENTRY_WINDOW_NO_DISPLAY:
      throw VideoError(
        .noDisplay, place: "", "no window can be opened, there is no screen: \(words)",
        hint: "go without a window: --headless; over ssh, -X brings the screen along")
    default:
      throw VideoError(.failed, place: "", "the window fails: \(words)", hint: "go without a window: --headless")
    }
    if key < 0 { return .closed }
    return key > 0 ? Unicode.Scalar(UInt32(key)).map { .character(Character($0)) } ?? .none : .none
  }
}
