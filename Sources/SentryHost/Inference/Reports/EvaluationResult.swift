import SentryPluginAPI
import SentryRuntime

/// What a model answered for the samples of a split: all that reports are computed from.
package struct EvaluationResult: Sendable {
  /// Where each sample comes from: a path, a row.
  package let names: [String]
  /// What the samples are read by.
  package let split: Split
  package let indices: [Int]
  /// One for each task of the model, over the same samples.
  package let tasks: [TaskPredictions]
  /// What could not be read and was left out.
  package let skipped: [SkippedSample]
}
