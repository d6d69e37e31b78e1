import SentryPluginAPI

/// What was evaluated, on what and how: for metrics.json and the report.
struct EvaluationAbout: Sendable {
  /// The recipe's, for names of files; may be empty.
  var filePrefix = ""
  var title: String
  var command: [String]
  var checkpoint: String
  var checkpointSHA256: String
  /// Completed epochs of the checkpoint; nil where it does not say.
  var epoch: Int?
  var components: [Component]
  var split: Split
  /// Whether the model was chosen by its accuracy on the split.
  var splitChoseModel: Bool
  /// What the reader must know of the numbers: a split that chose the model, a recognised dataset.
  var notes: [String]
  /// What the dataset says of itself.
  var dataNotes: [String] = []
  var draws: Int
  var seed: UInt64

  /// A component that took part, and where it came from.
  struct Component: Sendable {
    var kind: String
    var choice: RunPlan.Choice
  }
}
