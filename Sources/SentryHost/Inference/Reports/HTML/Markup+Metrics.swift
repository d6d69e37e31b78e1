import SentryRuntime

extension Markup {
  /// One row for each task, with intervals where they were drawn.
  static func summary(_ tasks: [TaskMetrics]) -> Markup {
    let rows = tasks.filter { $0.labelled > 0 }.map { task -> [String] in
      let (confusion, bootstrap) = (task.confusion, task.bootstrap)
      return [
        task.task.name, "\(task.labelled)", "\(task.missing)",
        percent(confusion.accuracy, bootstrap?.accuracy),
        percent(confusion.balancedAccuracy, bootstrap?.balancedAccuracy),
        share(task.classes.macro.f1, bootstrap?.macroF1), share(task.classes.weighted.f1, bootstrap?.weightedF1),
        share(confusion.cohenKappa, bootstrap?.cohenKappa), share(task.macroROCArea),
        share(task.macroAveragePrecision), share(task.calibration.expectedError),
      ]
    }
    let header = [
      "task", "samples", "unlabelled", "accuracy", "balanced accuracy", "macro F1", "weighted F1", "Cohen's kappa",
      "ROC AUC", "AP", "ECE",
    ]
    // With one task the table is easier to read standing.
    guard rows.count == 1 else { return table(header, rows) }
    return table(["", "value [95 % interval]"], zip(header, rows[0]).map { [$0, $1] })
  }

  /// What the intervals are; empty without any.
  static func methods(_ tasks: [TaskMetrics]) -> Markup {
    guard let bootstrap = tasks.compactMap(\.bootstrap).first else { return "" }
    return """
      <p class="subtitle">Intervals: percentile bootstrap, \(bootstrap.draws) draws of the samples, seed \
      \(String(bootstrap.seed)). ROC AUC and AP: means over the classes, each against the others. ECE: \
      \(tasks[0].calibration.bins.count) bins of equal width.</p>

      """
  }

  static func classTable(_ task: TaskMetrics) -> Markup {
    table(
      ["class", "precision", "recall", "F1", "ROC AUC", "AP", "samples"],
      task.task.classes.enumerated().map { label, name in
        let scores = task.classes[label]
        return [
          name, share(scores.precision), share(scores.recall), share(scores.f1), share(task.roc[label]?.area),
          share(task.precisionRecall[label]?.averagePrecision), "\(scores.support)",
        ]
      })
  }

  static func mistakeTable(_ predictions: TaskPredictions, names: [String], limit: Int) -> Markup {
    let rows = predictions.mistakes(atMost: limit).map { mistake in
      [
        names[mistake.sample], predictions.task.classes[mistake.truth], predictions.task.classes[mistake.predicted],
        "\(NumberText.fixed(100 * mistake.confidence, 1)) %",
      ]
    }
    return rows.isEmpty ? "<p>None.</p>\n" : table(["sample", "true", "predicted", "confidence"], rows, numbers: false)
  }

  private static func share(_ value: Double?, _ interval: Bootstrap.Interval? = nil) -> String {
    guard let value else { return "–" }
    return NumberText.fixed(value, 3)
      + (interval.map { " [\(NumberText.fixed($0.low, 3)), \(NumberText.fixed($0.high, 3))]" } ?? "")
  }

  private static func percent(_ value: Double, _ interval: Bootstrap.Interval?) -> String {
    "\(NumberText.fixed(100 * value, 2)) %"
      + (interval.map { " [\(NumberText.fixed(100 * $0.low, 2)), \(NumberText.fixed(100 * $0.high, 2))]" } ?? "")
  }
}
