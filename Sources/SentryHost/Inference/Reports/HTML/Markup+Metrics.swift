import SentryRuntime

extension Markup {
  /// A column for each task, with intervals where they were drawn.
  static func summary(_ tasks: [TaskMetrics], untrained: [String] = []) -> Markup {
    let metrics = Metric.all.filter { $0.title != nil }
    let rows = tasks.filter { $0.labelled > 0 }.map { task -> [String] in
      [
        task.task.name + (untrained.contains(task.task.name) ? " (not trained)" : ""), "\(task.labelled)",
        "\(task.missing)",
      ]
        + metrics.map { metric in
          let interval = task.interval(of: metric).map { metric.text($0, digits: 3) }
          return metric.text(task[metric], digits: 3) + (interval.map { " [\($0.low), \($0.high)]" } ?? "")
        }
    }
    let header = ["task", "samples", "unlabelled"] + metrics.compactMap(\.title)
    // A task a column: there are more metrics than tasks.
    let columns = header.indices.map { index in [header[index]] + rows.map { $0[index] } }
    return rows.count == 1
      ? table(["", "value [95 % interval]"], columns) : table(columns[0], Array(columns.dropFirst()))
  }

  /// What the numbers are.
  static func methods(_ tasks: [TaskMetrics]) -> Markup {
    var sentences: [String] = []
    if let bootstrap = tasks.compactMap(\.bootstrap).first {
      sentences.append(
        "Intervals: percentile bootstrap, \(bootstrap.sampleCount) samples drawn again, seed \(bootstrap.seed).")
    }
    sentences.append("ROC AUC and AP: means over the classes, each against the others.")
    if let bins = tasks.first?.calibration.bins.count { sentences.append("ECE: \(bins) bins of equal width.") }
    for task in tasks where task.labelled > 0 && !task.absentClasses.isEmpty {
      let name = tasks.count > 1 ? " of \(task.task.name)" : ""
      let absent = task.absentClasses
      let others = absent.count > 20 ? ["and \(absent.count - 20) other classes"] : []
      let names = absent.prefix(20).map { "'\($0)'" } + others
      sentences.append(
        "No sample is of \(names.joined(separator: ", ")): the means over all classes\(name), such as "
          + "macro F1, count 0 for each of them.")
    }
    return "<p class=\"subtitle\">\(sentences.joined(separator: " "))</p>\n"
  }

  static func classTable(_ task: TaskMetrics) -> Markup {
    table(
      ["class", "precision", "recall", "F1", "ROC AUC", "AP", "samples"],
      task.task.classes.enumerated().map { label, name in
        let scores = task.classes[label]
        let isPredicted = task.confusion.predictedCount(label) > 0
        return [
          name, share(isPredicted ? scores.precision : nil), share(scores.support > 0 ? scores.recall : nil),
          share(isPredicted || scores.support > 0 ? scores.f1 : nil), share(task.roc[label]?.area),
          share(task.precisionRecall[label]?.averagePrecision), "\(scores.support)",
        ]
      })
  }

  static func mistakeTable(_ predictions: TaskPredictions, of result: EvaluationResult, limit: Int) -> Markup {
    let rows = predictions.mistakes(atMost: limit, groups: result.groups).map { mistake in
      [
        result.names[mistake.sample], predictions.task.classes[mistake.truth],
        predictions.task.classes[mistake.predicted],
        "\(NumberText.fixed(100 * mistake.confidence, 1)) %",
      ]
    }
    guard !rows.isEmpty else { return "<p>None.</p>\n" }
    let rule: Markup = result.groups.isEmpty ? "" : "<p class=\"subtitle\">One of each person or recording.</p>\n"
    return "\(rule)\(table(["sample", "true", "predicted", "confidence"], rows, numbers: false))"
  }

  private static func share(_ value: Double?) -> String { value.map { NumberText.fixed($0, 3) } ?? "–" }
}
