import SentryFormats

/// predictions.csv: a row for each sample. Probabilities are written so that reading them back gives the same doubles.
enum PredictionsFile {
  static let name = "predictions.csv"

  static func text(_ result: EvaluationResult) -> String {
    let prefixes = result.tasks.map { result.tasks.count == 1 ? "" : "\($0.task.name)_" }
    var header = ["sample"]
    for (task, prefix) in zip(result.tasks, prefixes) {
      header += ["\(prefix)true", "\(prefix)predicted"] + task.task.classes.map { "\(prefix)p_\($0)" }
    }
    var text = CSVText.row(header)
    for sample in result.names.indices {
      var cells = [result.names[sample]]
      for task in result.tasks {
        cells.append(task.truth[sample].map { task.task.classes[$0] } ?? "")
        cells.append(task.task.classes[task.predicted[sample]])
        cells += (0..<task.classCount).map { "\(task.probability(of: $0, at: sample))" }
      }
      text += CSVText.row(cells)
    }
    return text
  }
}
