/// predictions.csv: a row for each sample. Probabilities are written so that reading them back gives the same doubles.
enum PredictionsFile {
  static let name = "predictions.csv"

  static func text(_ result: EvaluationResult) -> String {
    let prefixes = result.tasks.map { result.tasks.count == 1 ? "" : "\($0.task.name)_" }
    var header = ["sample"]
    for (task, prefix) in zip(result.tasks, prefixes) {
      header += ["\(prefix)true", "\(prefix)predicted"] + task.task.classes.map { "\(prefix)p_\($0)" }
    }
    var text = row(header)
    for sample in result.names.indices {
      var cells = [result.names[sample]]
      for task in result.tasks {
        cells.append(task.truth[sample].map { task.task.classes[$0] } ?? "")
        cells.append(task.task.classes[task.predicted[sample]])
        cells += (0..<task.classCount).map { "\(task.probability(of: $0, at: sample))" }
      }
      text += row(cells)
    }
    return text
  }

  /// RFC 4180, but for the line end.
  static func row(_ cells: [String]) -> String { cells.map(quoted).joined(separator: ",") + "\n" }

  static func quoted(_ cell: String) -> String {
    guard cell.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}
