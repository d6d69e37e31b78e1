import SentryPosture

/// One sequence on its way to the disk.
struct PreparedSequence: Sendable {
  /// Unique in its set.
  var name: String
  var frames: Frames
  var labels: PostureLabels
  /// What a split may not part: a subject where one is known, else a recording.
  var group: String
  /// What was recorded without a break; a preparer may have cut it.
  var recording: String
}
