import SentryPluginAPI
import SentryRuntime

/// What is followed in a frame, for a preview.
package struct Followed {
  /// One line.
  package var state: String
  /// The state until it is decided who is followed.
  package static let choosing = "choosing whom to follow"
  /// The row of this frame, with the names of its values; empty without.
  package var values: [(name: String, value: Float)]

  /// The row, where a picture has room for it: all keypoints of a body have none, and are seen as its skeleton.
  var lines: [String] {
    guard values.count <= Self.most else { return [] }
    return values.map { "\($0.name) \(NumberText.fixed(Double($0.value), 3))" }
  }

  private static let most = 18
}
