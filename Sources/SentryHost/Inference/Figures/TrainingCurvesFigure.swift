import SentryRuntime

/// Loss, accuracy and learning rate over the epochs of a run.
enum TrainingCurvesFigure {
  private struct Panel {
    var title: String
    /// Columns of history.json with the names that readers see.
    var series: [(column: String, label: String)]
    /// Where the axis begins: a rate that never changes needs a place on a scale.
    var isFromZero = false

    /// Rows of its legend, of at most ``columns`` entries each.
    var legendRows: Int { series.count > 1 ? (series.count + columns - 1) / columns : 0 }
    var columns: Int {
      let longest = series.map { FigureText.width(of: $0.label) }.max() ?? 0
      return max(1, Int(310 / (longest + 46)))
    }
  }

  /// nil where the history has nothing to draw.
  static func figure(_ history: History, best: Int?, name: String) -> Figure? {
    var wide = figure(history, best: best, name: name, isStacked: false)
    if let stacked = figure(history, best: best, name: name, isStacked: true) { wide?.narrow = { stacked } }
    return wide
  }

  /// - Parameter isStacked: whether the panels stand below each other instead of side by side.
  private static func figure(_ history: History, best: Int?, name: String, isStacked: Bool) -> Figure? {
    let panels = panels(history)
    guard !history.epochs.isEmpty, !panels.isEmpty else { return nil }
    let panelWidth = 400.0
    let above = 48 + 18 * Double(panels.map(\.legendRows).max() ?? 0)
    let panelHeight = above + 294
    let columns = isStacked ? 1 : panels.count
    let (width, height) = (panelWidth * Double(columns), panelHeight * Double(panels.count / columns))
    return Figure(
      name: name, title: "Loss, accuracy and learning rate over the epochs", width: Int(width), height: Int(height),
      script: { theme in
        var script = FigureScript(theme)
        script.add("set multiplot; set xlabel 'epoch'")
        let (first, last) = (Double(history.epochs.first ?? 1), Double(history.epochs.last ?? 1))
        script.add("set xrange [\(first - 0.3):\(last + 0.3)]; set xtics \(step(last - first))")
        if let best {
          script.add(
            "set arrow 1 from \(best), graph 0 to \(best), graph 1 nohead linecolor rgb \(theme.muted) dashtype 3")
          script.add("set label 1 ' best' at \(best), graph 0.03 left textcolor rgb \(theme.muted) font ',9'")
        }
        for (index, panel) in panels.enumerated() {
          let (left, top) = (Double(index % columns) * panelWidth, Double(index / columns) * panelHeight)
          script.place(
            left: (left + 74) / width, right: (left + panelWidth - 16) / width,
            bottom: 1 - (top + panelHeight - 52) / height, top: 1 - (top + above) / height)
          // Titles in one line, whatever stands between them and the curves.
          script.add(
            "set label 2 \(panel.title) at screen \((left + panelWidth / 2 + 29) / width),\(1 - (top + 22) / height) center font ',12' textcolor rgb \(theme.ink)"
          )
          draw(panel, history, &script)
        }
        script.add("unset multiplot")
        return script
      })
  }

  private static func draw(_ panel: Panel, _ history: History, _ script: inout FigureScript) {
    script.add(
      panel.legendRows > 0
        ? "set key at graph 0.5, graph 1.02 center bottom horizontal maxcols \(panel.columns)" : "unset key")
    script.add(panel.isFromZero ? "set yrange [0:*]" : "set yrange [*:*]")
    var layers: [GnuplotCommand] = []
    for (number, series) in panel.series.enumerated() {
      let values = history.columns[series.column] ?? []
      let data = script.data(points(history.epochs, values))
      let line = FigurePalette.line(number)
      layers.append(
        "\(data) using 1:2 with linespoints pointtype 7 pointsize 0.5 linewidth 1.6 linecolor rgb \(line.color) dashtype \(line.dash) title \(series.label)"
      )
    }
    script.add("plot \(layers)")
  }

  /// The values that there are: a curve goes on over epochs that have none, as over those without a validation.
  static func points(_ epochs: [Int], _ values: [Double?]) -> [[Double?]] {
    zip(epochs, values).compactMap { epoch, value in value.map { [Double(epoch), $0] } }
  }

  private static func panels(_ history: History) -> [Panel] {
    func known(_ series: [(String, String)]) -> [(column: String, label: String)] {
      series.filter { history.columns[$0.0]?.contains { $0 != nil } == true }
    }
    let tasks = history.columns.keys.filter { $0.hasPrefix("val_acc/") }.sorted()
      .map { ($0, FigureText.short(String($0.dropFirst("val_acc/".count)), 16)) }
    let all = [
      Panel(title: "loss", series: known([("train_loss", "training"), ("val_loss", "validation")])),
      Panel(
        title: "accuracy (%)",
        series: known([("train_acc", "training"), ("val_acc", "validation")])),
      Panel(title: "validation accuracy of each task (%)", series: known(tasks)),
      Panel(title: "learning rate", series: known([("lr", "learning rate")]), isFromZero: true),
    ]
    return all.filter { !$0.series.isEmpty }
  }

  /// Whole epochs between tics, ten tics at most.
  static func step(_ span: Double) -> Int {
    [1, 2, 5, 10, 20, 50, 100, 200, 500].first { span / Double($0) <= 10 } ?? max(1, Int(span / 10))
  }
}

extension EvaluationFigure {
  static let trainingCurves = EvaluationFigure(
    stem: "training_curves",
    drawing: .whole { report, name in
      report.history.flatMap { TrainingCurvesFigure.figure($0, best: report.bestEpoch, name: name) }
    })
}
