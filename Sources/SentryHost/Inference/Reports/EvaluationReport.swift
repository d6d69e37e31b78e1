import SentryRuntime

/// All that an evaluation says, ready to be written: numbers, pictures, a page.
package struct EvaluationReport: Sendable {
  package let result: EvaluationResult
  package let about: EvaluationAbout
  package let metrics: [TaskMetrics]
  /// Of the run that the model is from, where it is known.
  package var history: History?
  package var bestEpoch: Int?
  /// The most confident mistakes of each task as pictures; empty where samples are none.
  package var tiles: [[ContactSheet.Tile]] = []

  package init(_ result: EvaluationResult, about: EvaluationAbout) {
    (self.result, self.about) = (result, about)
    metrics = result.tasks.map { TaskMetrics($0, draws: about.draws, seed: about.seed) }
  }

  package var prefix: String { about.filePrefix.isEmpty ? "" : FileName.safe(about.filePrefix) }
  var metricsName: String { "\(prefix)metrics.json" }
  private var scored: [TaskMetrics] { metrics.filter { $0.labelled > 0 } }

  /// The pictures, those first that matter most.
  var figures: [Figure] {
    var figures: [Figure] = []
    if !scored.isEmpty {
      figures.append(
        ConfusionFigure.figure(
          scored, name: prefix + (metrics.count == 1 ? "confusion_matrix" : "confusion_matrices")))
    }
    if let history,
      let curves = TrainingCurvesFigure.figure(history, best: bestEpoch, name: "\(prefix)training_curves")
    {
      figures.append(curves)
    }
    for (index, task) in metrics.enumerated() where task.labelled > 0 {
      let stem = prefix + (metrics.count == 1 ? "" : "\(FileName.safe(task.task.name))_")
      figures += [
        ClassScoresFigure.figure(task, name: "\(stem)per_class_metrics"),
        CurveFigures.roc(task, name: "\(stem)roc_curves"),
        CurveFigures.precisionRecall(task, name: "\(stem)precision_recall_curves"),
        ReliabilityFigure.figure(task, name: "\(stem)reliability"),
      ]
      if tiles.indices.contains(index), !tiles[index].isEmpty {
        figures.append(ContactSheet.figure(tiles[index], task: task.task.name, name: "\(stem)mistakes"))
      }
    }
    return figures
  }

  /// The sections of a page: pictures and tables of the numbers.
  func sections(_ pictures: [RenderedFigure]) -> [Markup] {
    let numbers: [Markup] = [.summary(metrics), .methods(metrics)]
    var sections: [Markup] = [.section("Numbers", numbers), .section("Pictures", [.figures(pictures)])]
    for (task, predictions) in zip(metrics, result.tasks) where task.labelled > 0 {
      let suffix = metrics.count == 1 ? "" : ": \(task.task.name)"
      sections.append(.section("Classes\(suffix)", [.classTable(task)]))
      sections.append(
        .section(
          "Most confident mistakes\(suffix)",
          [.mistakeTable(predictions, names: result.names, limit: ContactSheet.limit)]))
    }
    if !result.skipped.isEmpty {
      sections.append(
        .section(
          "Left out as unreadable",
          [.table(["sample", "reason"], result.skipped.map { [$0.name, $0.reason] }, numbers: false)]))
    }
    return sections
  }
}
