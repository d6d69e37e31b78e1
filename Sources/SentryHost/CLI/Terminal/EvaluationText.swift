import SentryInference
import SentryRuntime

/// What an evaluation prints, as text.
enum EvaluationText {
  static func summary(_ report: EvaluationReport) -> String {
    var rows = [["task", "samples", "accuracy", "95 % interval", "macro F1", "weighted F1", "kappa", "ECE"]]
    for task in report.metrics {
      guard task.labelled > 0 else {
        rows.append([task.task.name, "0", "no labels"])
        continue
      }
      rows.append([
        task.task.name, "\(task.labelled)", percent(task.confusion.accuracy),
        task.bootstrap.map { "\(percent($0.accuracy.low)) – \(percent($0.accuracy.high))" } ?? "–",
        NumberText.fixed(task.classes.macro.f1, 4), NumberText.fixed(task.classes.weighted.f1, 4),
        task.confusion.cohenKappa.map { NumberText.fixed($0, 4) } ?? "–",
        NumberText.fixed(task.calibration.expectedError, 4),
      ])
    }
    let missing = report.metrics.filter { $0.missing > 0 }.map { "\($0.missing) without a label for \($0.task.name)" }
    return "\(report.result.names.count) samples of the split \(report.about.split)"
      + (missing.isEmpty ? "" : ", \(missing.joined(separator: ", "))")
      + (report.result.skipped.isEmpty ? "" : ", \(report.result.skipped.count) left out as unreadable")
      + "\n" + TextTable.text(rows)
  }

  private static func percent(_ share: Double) -> String { "\(NumberText.fixed(100 * share, 2)) %" }
}
