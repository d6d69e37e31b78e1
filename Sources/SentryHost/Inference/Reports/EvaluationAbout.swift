import SentryPluginAPI
import SentryRuntime

/// What was evaluated, on what and how: for metrics.json and the report.
package struct EvaluationAbout: Sendable {
  /// The recipe's, for names of files; may be empty.
  package var filePrefix = ""
  package var title: String
  package var command: [String]
  package var checkpoint: String
  package var checkpointSHA256: String
  /// Completed epochs of the checkpoint; nil where it does not say.
  package var epoch: Int?
  package var components: [Component]
  package var split: Split
  /// Whether the model was chosen by its accuracy on the split.
  package var splitChoseModel: Bool
  /// What the reader must know of the numbers: a split that chose the model, a recognised dataset.
  package var notes: [String]
  /// What the dataset says of itself.
  package var dataNotes: [String] = []
  package var draws: Int
  package var seed: UInt64

  package init(
    filePrefix: String = "", title: String, command: [String], checkpoint: String, checkpointSHA256: String,
    epoch: Int? = nil, components: [Component], split: Split, splitChoseModel: Bool, notes: [String],
    dataNotes: [String] = [], draws: Int, seed: UInt64
  ) {
    (
      self.filePrefix, self.title, self.command, self.checkpoint, self.checkpointSHA256, self.epoch, self.components,
      self.split, self.splitChoseModel, self.notes, self.dataNotes, self.draws, self.seed
    ) = (
      filePrefix, title, command, checkpoint, checkpointSHA256, epoch, components, split, splitChoseModel, notes,
      dataNotes, draws, seed
    )
  }

  /// A component that took part, and where it came from.
  package struct Component: Sendable {
    package var kind: String
    package var choice: RunPlan.Choice

    package init(kind: String, choice: RunPlan.Choice) {
      (self.kind, self.choice) = (kind, choice)
    }
  }
}
