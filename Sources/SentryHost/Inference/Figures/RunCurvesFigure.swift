import SentryRuntime

/// The curves of several runs, one over the other.
package enum RunCurvesFigure {
  private struct Panel {
    /// A column of history.json.
    var column: String
    var title: String
    /// Where the axis begins: a rate that never changes needs a place on a scale.
    var isFromZero = false
  }

  /// nil where no run has an epoch to draw.
  /// - Parameter runs: each with the name that the reader sees.
  package static func figure(_ runs: [(label: String, history: History)], name: String) -> Figure? {
    let panels = panels(runs.map(\.history))
    guard !panels.isEmpty else { return nil }
    let columns = panels.count == 4 ? 2 : min(panels.count, 3)
    let rows = (panels.count + columns - 1) / columns
    let (panelWidth, panelHeight) = (440.0, 300.0)
    let width = panelWidth * Double(columns)
    let legend = Legend(runs.map { FigureText.short($0.label, 44) }, width: width)
    let height = panelHeight * Double(rows) + legend.height + 8
    return Figure(
      name: name, title: "Loss, accuracy and learning rate of \(runs.count) runs over the epochs", width: Int(width),
      height: Int(height),
      script: { theme in
        var script = FigureScript(theme)
        script.add("set multiplot; set xlabel 'epoch'; unset key")
        legend.draw(width, height, &script)
        let epochs = runs.flatMap(\.history.epochs)
        let (first, last) = (Double(epochs.min() ?? 1), Double(epochs.max() ?? 1))
        script.add("set xrange [\(first - 0.3):\(last + 0.3)]; set xtics \(TrainingCurvesFigure.step(last - first))")
        for (index, panel) in panels.enumerated() {
          let left = Double(index % columns) * panelWidth
          let top = legend.height + Double(index / columns) * panelHeight
          script.place(
            left: (left + 76) / width, right: (left + panelWidth - 18) / width,
            bottom: 1 - (top + panelHeight - 48) / height, top: 1 - (top + 34) / height)
          draw(panel, runs.map(\.history), &script)
          // Labels and arrows are drawn with every plot: the legend with the first one.
          if index == 0 { script.add("unset label; unset arrow") }
        }
        script.add("unset multiplot")
        return script
      })
  }

  private static func draw(_ panel: Panel, _ histories: [History], _ script: inout FigureScript) {
    script.add("set title \(panel.title)")
    script.add(panel.isFromZero ? "set yrange [0:*]" : "set yrange [*:*]")
    var layers: [GnuplotCommand] = []
    for (number, history) in histories.enumerated() {
      guard let values = history.columns[panel.column], values.contains(where: { $0 != nil }) else { continue }
      let line = FigurePalette.line(number)
      let data = script.data(TrainingCurvesFigure.points(history.epochs, values))
      layers.append(
        "\(data) using 1:2 with linespoints pointtype 7 pointsize 0.4 linewidth 1.6 linecolor rgb \(line.color) dashtype \(line.dash)"
      )
    }
    script.add("plot \(layers)")
  }

  private static func panels(_ histories: [History]) -> [Panel] {
    let known = Set(
      histories.flatMap { $0.columns.filter { $0.value.contains { $0 != nil } }.keys })
    let tasks = known.filter { $0.hasPrefix("val_acc/") }.sorted().map { column in
      Panel(
        column: column,
        title: "\(FigureText.short(String(column.dropFirst("val_acc/".count)), 22)): validation accuracy (%)")
    }
    let all =
      [
        Panel(column: "val_acc", title: "validation accuracy (%)"), Panel(column: "val_loss", title: "validation loss"),
        Panel(column: "train_loss", title: "training loss"),
      ] + tasks + [Panel(column: "lr", title: "learning rate", isFromZero: true)]
    return all.filter { known.contains($0.column) }
  }

  /// The runs' names with their lines, above the panels, in as many rows as they need.
  private struct Legend {
    private var entries: [(label: String, left: Double, row: Int)] = []
    private let rowHeight = 20.0

    init(_ labels: [String], width: Double) {
      var (left, row) = (76.0, 0)
      for label in labels {
        let needed = FigureText.width(of: label) + 62
        if left > 76, left + needed > width - 18 { (left, row) = (76, row + 1) }
        entries.append((label, left, row))
        left += needed
      }
    }

    var height: Double { Double((entries.map(\.row).max() ?? 0) + 1) * rowHeight + 12 }

    func draw(_ width: Double, _ height: Double, _ script: inout FigureScript) {
      for (index, entry) in entries.enumerated() {
        let line = FigurePalette.line(index)
        let y = 1 - (Double(entry.row) * rowHeight + 18) / height
        script.add(
          "set arrow \(index + 1) from screen \(entry.left / width),\(y) to screen \((entry.left + 28) / width),\(y) nohead linewidth 2 linecolor rgb \(line.color) dashtype \(line.dash)"
        )
        script.add(
          "set label \(index + 1) \(entry.label) at screen \((entry.left + 36) / width),\(y) left textcolor rgb \(script.theme.ink)"
        )
      }
    }
  }
}
