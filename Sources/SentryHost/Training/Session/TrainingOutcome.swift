import SentryRuntime

/// How a run ended.
package struct TrainingOutcome: Sendable, Equatable {
  enum Ending: Sendable, Equatable {
    case finished
    /// The trainer saw no use in going on.
    case stoppedEarly(String)
    /// The user asked; the state is saved.
    case interrupted
  }
  var ending: Ending
  /// Completed epochs.
  var epochs: Int
  /// Counted from 1.
  var bestEpoch: Int?
  /// In percent.
  var bestAccuracy: Double?
  var directory: String
  /// What the directory holds, without state/.
  var files: [String]
  var skipped: [SkippedSample]

  /// What the process should exit with.
  package var exitCode: Int32 { ending == .interrupted ? 130 : 0 }
}
