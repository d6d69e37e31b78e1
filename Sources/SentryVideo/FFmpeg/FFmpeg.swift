import CFFmpeg

/// FFmpeg's functions.
typealias FFmpegFunctions = UnsafePointer<sentry_ffmpeg>

enum FFmpeg {
  /// Opens FFmpeg's libraries when it is called for the first time.
  static func load() throws(VideoError) -> FFmpegFunctions {
    var message: UnsafePointer<CChar>?
    if let functions = sentry_ffmpeg_load(&message) { return functions }
    throw missing(message)
  }

  /// Makes the system's cameras known to FFmpeg.
  static func loadDevices() throws(VideoError) {
    var message: UnsafePointer<CChar>?
    guard sentry_ffmpeg_load_devices(&message) != 0 else { throw missing(message) }
  }

  private static func missing(_ message: UnsafePointer<CChar>?) -> VideoError {
    VideoError(
      .missingLibrary, place: "", message.map { String(cString: $0) } ?? "FFmpeg cannot be loaded",
      hint: "install FFmpeg's libraries of the version that Sentry was built with: scripts/setup does")
  }

  /// Runs one call; its result and the first error that FFmpeg logged in it.
  static func logged<Result>(_ call: () -> Result) -> (result: Result, log: String) {
    sentry_ffmpeg_log_clear()
    let result = call()
    // Lines begin like "[mov @ 0x55b90fe93cc0]": the address is another one in every run.
    return (result, String(cString: sentry_ffmpeg_log_first()).replacing(#/ @ 0x[0-9a-f]+\]/#, with: "]"))
  }
}

extension FFmpegFunctions {
  /// FFmpeg's words for a status.
  func text(of status: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
      guard let base = buffer.baseAddress, pointee.av_strerror(status, base, buffer.count) == 0 else {
        return "error \(status)"
      }
      return String(cString: base)
    }
  }

  /// Both what FFmpeg logged and what the status says.
  func words(_ status: Int32, _ log: String) -> String {
    log.isEmpty ? text(of: status) : "\(text(of: status)): \(log)"
  }

  /// Options for FFmpeg, freed after the call; what FFmpeg does not know stays in them.
  func withOptions<Result>(
    _ options: [String: String], _ body: (inout OpaquePointer?) throws -> Result
  ) rethrows -> Result {
    var dictionary: OpaquePointer?
    defer { pointee.av_dict_free(&dictionary) }
    for (key, value) in options { _ = pointee.av_dict_set(&dictionary, key, value, 0) }
    return try body(&dictionary)
  }
}
