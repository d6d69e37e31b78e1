import SentryRuntime

/// ROC and precision–recall curves: each class against all others.
enum CurveFigures {
  private struct Curve {
    var label: String
    var value: Double
    var points: [[Double?]]
  }

  /// nil where no class has a curve.
  static func roc(_ task: TaskMetrics, name: String) -> Figure? {
    let curves = zip(task.task.classes, task.roc).compactMap { label, curve in
      curve.map {
        Curve(label: label, value: $0.area, points: thinned(x: $0.falsePositiveRate, y: $0.truePositiveRate))
      }
    }
    return figure(
      curves, task, name: name, title: "receiver operating characteristic", value: "AUC", mean: task[.rocArea],
      axes: ("false positive rate", "true positive rate"), style: "lines", chance: true)
  }

  /// nil where no class has a curve.
  static func precisionRecall(_ task: TaskMetrics, name: String) -> Figure? {
    let curves = zip(task.task.classes, task.precisionRecall).compactMap { label, curve in
      curve.map {
        Curve(
          label: label, value: $0.averagePrecision,
          points: thinned(x: [0] + $0.recall, y: [$0.precision.first ?? 0] + $0.precision))
      }
    }
    return figure(
      curves, task, name: name, title: "precision over recall", value: "AP", mean: task[.averagePrecision],
      axes: ("recall", "precision"), style: "fsteps", chance: false)
  }

  private static func figure(
    _ curves: [Curve], _ task: TaskMetrics, name: String, title: String, value: String, mean: Double?,
    axes: (String, String), style: GnuplotCommand, chance: Bool
  ) -> Figure? {
    guard !curves.isEmpty else { return nil }
    @Sendable func figure(isStacked: Bool) -> Figure {
      Self.figure(
        curves, task, name: name, title: title, value: value, mean: mean, axes: axes, style: style, chance: chance,
        isStacked: isStacked)
    }
    var wide = figure(isStacked: false)
    wide.narrow = { figure(isStacked: true) }
    return wide
  }

  /// - Parameter isStacked: whether the legend stands below the axes instead of beside them.
  private static func figure(
    _ curves: [Curve], _ task: TaskMetrics, name: String, title: String, value: String, mean: Double?,
    axes: (String, String), style: GnuplotCommand, chance: Bool, isStacked: Bool
  ) -> Figure {
    let side = 430.0
    let labels = curves.map { "\(FigureText.short($0.label))  \(value) \(NumberText.fixed($0.value, 3))" }
    let keyWidth = (labels.map { FigureText.width(of: $0) }.max() ?? 0) + 60
    let keyHeight = Double(labels.count) * 19
    // A legend that is higher than the axes would be cut.
    let plotHeight = isStacked ? side : max(side, keyHeight)
    let bottom = isStacked ? 52 + keyHeight + 8 : 52
    let (width, height) = (64 + side + 16 + (isStacked ? 0 : keyWidth), 46 + plotHeight + bottom)
    return Figure(
      name: name, title: "\(task.task.name): \(title), each class against the others", width: Int(width),
      height: Int(height),
      script: { theme in
        var script = FigureScript(theme)
        script.place(
          left: 64 / width, right: (64 + side) / width, bottom: bottom / height, top: (bottom + plotHeight) / height)
        let subtitle = mean.map { ", mean \(value) \(NumberText.fixed($0, 3))" } ?? ""
        // It stands over the middle of the axes.
        let heading = FigureText.heading(
          task.task.name, ": \(title)\(subtitle)", limit: 30, room: 2 * min(64 + side / 2, width - 64 - side / 2))
        script.add("set title \(heading)")
        script.add("set xrange [0:1]; set yrange [0:1]; set xtics 0,0.2,1; set ytics 0,0.2,1")
        script.add("set xlabel \(axes.0); set ylabel \(axes.1)")
        let key = isStacked ? (left: 64.0, top: keyHeight + 6) : (left: 64 + side + 12, top: bottom + plotHeight)
        script.add(
          "set key at screen \(key.left / width),\(key.top / height) left top Left reverse samplen 3 maxrows \(labels.count)"
        )
        var layers: [GnuplotCommand] =
          chance ? ["x with lines linecolor rgb \(theme.muted) dashtype 3 notitle"] : []
        for (index, curve) in curves.enumerated() {
          let points = script.data(curve.points)
          let line = FigurePalette.line(index)
          layers.append(
            "\(points) using 1:2 with \(style) linecolor rgb \(line.color) dashtype \(line.dash) linewidth 1.6 title \(labels[index])"
          )
        }
        script.add("plot \(layers)")
        return script
      })
  }

  /// The points that can be told apart in a picture of this size.
  private static func thinned(x: [Double], y: [Double]) -> [[Double?]] {
    var kept: [[Double?]] = []
    var last = (x: -1.0, y: -1.0)
    for index in x.indices
    where index == x.count - 1 || abs(x[index] - last.x) > 0.003 || abs(y[index] - last.y) > 0.003 {
      last = (x[index], y[index])
      kept.append([last.x, last.y])
    }
    return kept
  }
}

extension EvaluationFigure {
  static let roc = EvaluationFigure(stem: "roc_curves", drawing: .task { CurveFigures.roc($0.metrics[$1], name: $2) })
  static let precisionRecall = EvaluationFigure(
    stem: "precision_recall_curves", drawing: .task { CurveFigures.precisionRecall($0.metrics[$1], name: $2) })
}
