import SentryPluginAPI
import SentryPosture
import SentryTables

/// One recording: a file of [frames, features] and what is known of it.
struct PostureSequence: Sendable {
  let file: ArrayFolder.File
  /// In the order of ``PostureTasks/all``.
  var targets: [Int?]
  let subject: String?
  let group: Int

  var frames: Int { file.shape[0] }
  var width: Int { file.shape[1] }

  /// What is wrong with the shape of a file.
  static func problem(_ shape: [Int]) -> String? {
    guard shape.count == 2 else { return "has the shape \(shape); a sequence is [frames, features]" }
    guard shape[0] > 0, shape[1] > 0 else { return "has the shape \(shape): it holds no frame" }
    guard shape[0] <= 1 << 24, shape[1] <= 1 << 16 else { return "has the shape \(shape): the sequence is too long" }
    return nil
  }
}

/// A part of a sequence that is one sample.
struct PostureWindow: Sendable, Equatable {
  /// Position in the split's sequences.
  let sequence: Int
  let start: Int

  /// The first frames of the windows of a sequence: whole windows, or one that reaches beyond a sequence that is shorter.
  static func starts(frames: Int, length: Int, stride step: Int) -> [Int] {
    frames <= length ? [0] : Array(stride(from: 0, through: frames - length, by: step))
  }
}
