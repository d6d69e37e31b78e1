import Glibc
import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// Where `predict --output` puts numbers: `predictions.csv`, and for each task its logits, or the means of its probabilities over
/// views, or those over draws of drop-out with their deviations, as `.npy` [samples, classes]. The rows are those of the table.
package struct PredictionWriter {
  private let folder: String
  /// The arrays of each task.
  private let arrays: [[String]]

  /// What the arrays hold.
  package enum Values: Sendable {
    case logits
    /// Means over views.
    case averaged
    /// Means and deviations over draws of drop-out.
    case sampled

    fileprivate var names: [String] {
      switch self {
      case .logits: ["logits"]
      case .averaged: ["probabilities"]
      case .sampled: ["probabilities", "deviations"]
      }
    }
  }

  /// - Throws: ``PluginError`` where one of the files exists, unless it may be replaced, or two tasks would share one.
  package init(_ folder: String, tasks: [ClassificationTask], values: Values, overwrite: Bool) throws {
    self.folder = Paths.withoutEndingSlash(folder)
    arrays = tasks.map { task in
      values.names.map { "\(FileName.safe(task.name))_\($0).npy" }
    }
    var seen: Set<String> = []
    for (task, names) in zip(tasks, arrays) where !seen.isDisjoint(with: names) || !seen.insert(names[0]).inserted {
      throw PluginError("the task '\(task.name)' and another one would both be written to \(names[0])")
    }
    for name in [PredictionsFile.name] + arrays.flatMap({ $0 })
    where !overwrite && access("\(self.folder)/\(name)", F_OK) == 0 {
      throw PluginError.invalid("\(self.folder)/\(name) exists", hint: "give another --output, or --overwrite")
    }
  }

  package func write(_ prediction: Prediction) throws {
    try SystemFile.makeFolder(folder)
    for (answers, names) in zip(prediction.answers, arrays) {
      let means = answers.probabilities.map(Float.init)
      let values =
        answers.deviations.map { [means, $0.map(Float.init)] } ?? [answers.logits.isEmpty ? means : answers.logits]
      for (name, values) in zip(names, values) {
        let stored = try StoredTensor(values, shape: [prediction.names.count, answers.task.classes.count])
        try NPYFile.write(stored, to: "\(folder)/\(name)")
      }
    }
    try AtomicFile.write(PredictionFormatter.csv(prediction), to: "\(folder)/\(PredictionsFile.name)")
  }
}
