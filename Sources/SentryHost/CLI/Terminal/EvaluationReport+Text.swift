import SentryInference
import SentryRuntime

extension EvaluationReport {
  /// What an evaluation prints.
  var summary: String {
    let columns = Metric.all.filter { $0.shortTitle != nil }
    // Of a percentage the interval is shown, too.
    func cells(_ metric: Metric, _ value: String, _ interval: String) -> [String] {
      metric.form == .percentage ? [value, interval] : [value]
    }
    var rows = [["task", "samples"] + columns.flatMap { cells($0, $0.shortTitle ?? "", "95 % interval") }]
    for task in metrics {
      guard task.labelled > 0 else {
        rows.append([task.task.name, "0", "no labels"])
        continue
      }
      rows.append(
        [task.task.name + (about.untrainedTasks.contains(task.task.name) ? " (not trained)" : ""), "\(task.labelled)"]
          + columns.flatMap { metric in
            let interval = task.interval(of: metric).map { metric.text($0, digits: 4) }
            return cells(
              metric, metric.text(task[metric], digits: 4), interval.map { "\($0.low) % – \($0.high) %" } ?? "–")
          })
    }
    let missing = metrics.filter { $0.missing > 0 }.map { "\($0.missing) without a label for \($0.task.name)" }
    return "\(NumberText.counted(result.names.count, "sample")) of the split \(about.split)"
      + (missing.isEmpty ? "" : ", \(missing.joined(separator: ", "))")
      + (result.skipped.isEmpty ? "" : ", \(result.skipped.count) skipped as unreadable")
      + "\n" + TextTable.text(rows)
  }
}
