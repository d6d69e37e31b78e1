import SentryPluginAPI
import SentryPosture

/// `session.json` of a recording: what it is, and what has to be known of it.
struct SessionFile: Codable, Sendable {
  static let name = "session.json"
  static let format = "sentry-session/1"
  static let labels = "labels.csv"
  static let keypoints = "keypoints"
  static let header = "second,posture,stress,trajectory"

  var format = Self.format
  var seconds: Double
  /// Frames of the keypoints per second; filled in after the recording.
  var fps: Double = 30
  /// A pseudonym, never a name; filled in before the recording.
  var subject: String = ""

  static func read(_ folder: String) throws -> SessionFile {
    let path = "\(folder)/\(name)"
    let file = try JSON.decode(
      SessionFile.self, from: try FileSystem.text(path, limit: 1 << 20), what: path, isData: true)
    guard file.format == format else {
      throw PluginError.badData("\(path): the format is '\(file.format)' but must be '\(format)'")
    }
    guard file.fps.isFinite, file.fps > 0, file.fps <= 1000 else {
      throw PluginError.badData("\(path): fps is \(file.fps) but must be more than 0 and at most 1000")
    }
    guard file.seconds.isFinite, file.seconds >= 1, file.seconds <= 86_400 else {
      throw PluginError.badData("\(path): seconds is \(file.seconds) but must be 1 to 86400")
    }
    return file
  }

  static func isSession(_ folder: String) -> Bool { (try? read(folder)) != nil }
}
