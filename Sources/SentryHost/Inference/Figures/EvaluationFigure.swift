/// A picture of an evaluation. Each has its line in ``all``, from which it is drawn, gets its files, and is known as one that
/// `--overwrite` may replace.
struct EvaluationFigure: Sendable {
  enum Drawing: Sendable {
    /// One of the whole model; nil where there is nothing to draw.
    case whole(@Sendable (EvaluationReport, _ name: String) -> Figure?)
    /// One of each task that has labels.
    case task(@Sendable (EvaluationReport, _ task: Int, _ name: String) -> Figure?)
  }
  /// The end of its files' names.
  let stem: String
  /// The same where it shows several tasks at once.
  var pluralStem: String?
  let drawing: Drawing

  /// Those first that matter most.
  static let all = [confusion, trainingCurves, classScores, roc, precisionRecall, reliability, mistakes]

  /// The pictures of a report: those of the whole first, then those of each task.
  static func figures(of report: EvaluationReport) -> [Figure] {
    let isOne = report.metrics.count == 1
    var figures: [Figure] = []
    for kind in all {
      guard case .whole(let draw) = kind.drawing else { continue }
      let stem = isOne ? kind.stem : kind.pluralStem ?? kind.stem
      if let figure = draw(report, report.prefix + stem) { figures.append(figure) }
    }
    for (index, task) in report.metrics.enumerated()
    where task.labelled > 0 && task.task.classes.count <= Figure.mostClasses {
      let start = report.prefix + (isOne ? "" : "\(FileName.safe(task.task.name))_")
      for kind in all {
        guard case .task(let draw) = kind.drawing else { continue }
        if let figure = draw(report, index, start + kind.stem) { figures.append(figure) }
      }
    }
    return figures
  }

  /// Whether a file of this name may be one of the pictures.
  static func isOwn(_ name: String) -> Bool {
    all.contains { kind in
      [kind.stem, kind.pluralStem].compactMap(\.self).contains { stem in
        [Gnuplot.Format.png, .svg].contains { name.hasSuffix("\(stem).\($0.rawValue)") }
      }
    }
  }
}
