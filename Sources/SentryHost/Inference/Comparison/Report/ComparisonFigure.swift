import SentryRuntime

/// A picture of a comparison. Each has its line in ``all``.
struct ComparisonFigure: Sendable {
  let draw: @Sendable (ComparisonReport) -> [Figure]

  /// Those first that matter most.
  static let all = [pareto, curves, disagreements]

  private static let pareto = ComparisonFigure { report in
    report.comparison.tasks.enumerated().compactMap { index, task in
      ParetoFigure.figure(report.comparison, task, name: "pareto_\(index)")
    }
  }

  private static let curves = ComparisonFigure { report in
    let runs = report.comparison.models.flatMap(\.runs)
    return [RunCurvesFigure.figure(runs.map { ($0.label, $0.summary.history) }, name: "curves")].compactMap(\.self)
  }

  private static let disagreements = ComparisonFigure { report in
    report.sheets.enumerated().map { index, sheet in
      let names = (report.comparison.models[0].name, report.comparison.models[sheet.model].name)
      return ContactSheet.sheet(
        sheet.cells, heading: "\(FigureText.short(sheet.task, 30)): only one is right",
        title:
          "\(sheet.task): samples on which only one of \(names.0) and \(names.1) is right, with the true class and both answers",
        name: "disagreements_\(index)")
    }
  }
}
