import SentryPluginAPI

/// What a model answered for the samples of a split: all that reports are computed from.
struct EvaluationResult: Sendable {
  /// Where each sample comes from: a path, a row.
  let names: [String]
  /// What the samples are read by.
  let split: Split
  let indices: [Int]
  /// One for each task of the model, over the same samples.
  let tasks: [TaskPredictions]
  /// What could not be read and was left out.
  let skipped: [SkippedSample]
}
