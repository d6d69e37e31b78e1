import SentryPluginAPI
import SentryRuntime

/// A model of a comparison: its runs, one for each seed, in the order of the seeds.
package struct ComparedModel: Sendable {
  package struct Run: Sendable {
    package let summary: RunSummary
    /// The run's name where runs are told apart.
    package let label: String
    package let evaluation: StoredEvaluation

    package init(_ summary: RunSummary, label: String, evaluation: StoredEvaluation) {
      (self.summary, self.label, self.evaluation) = (summary, label, evaluation)
    }

    var seed: UInt64 { summary.plan.run.seed }
  }
  package let name: String
  package let runs: [Run]

  package init(name: String, runs: [Run]) { (self.name, self.runs) = (name, runs) }

  var size: ModelSize? { runs.first?.evaluation.size }
  /// Means over the runs that know it.
  var trainingImagesPerSecond: Double? { runs.map(\.summary.imagesPerSecond).meanOfKnown }
  var secondsPerSample: Double? { runs.map(\.evaluation.secondsPerSample).meanOfKnown }
  /// Of training.
  var peakMemoryBytes: Int? { runs.compactMap(\.summary.peakMemoryBytes).max() }
  var checkpointBytes: Int? { runs.first?.evaluation.checkpointBytes }
}
