import SentryRuntime

/// Accuracy against what it costs: time for a sample, and the size of the weights.
enum ParetoFigure {
  private struct Axis {
    var title: String
    var cost: (ComparisonRow) -> Double?
  }

  /// nil where no cost is known.
  static func figure(_ comparison: ModelComparison, _ task: TaskComparison, name: String) -> Figure? {
    let rows = comparison.rows(of: task)
    let axes = [
      Axis(title: "milliseconds a sample", cost: { row in row.model.secondsPerSample.map { 1000 * $0 } }),
      Axis(title: "weights (MB)", cost: { row in row.model.size.map { Double($0.weightBytes) / 1e6 } }),
    ].map { axis in (title: axis.title, costs: rows.map(axis.cost)) }
      .filter { axis in axis.costs.contains { $0 != nil } }
    guard !axes.isEmpty else { return nil }
    let names = rows.map { FigureText.short($0.model.name, 24) }
    let scores = rows.map(\.score)
    let (panel, height, legend) = (380.0, 360.0, 20 * Double(rows.count) + 8)
    let width = panel * Double(axes.count)
    return Figure(
      name: name, title: "\(task.task.name): accuracy against time and size; filled points are on the Pareto front",
      width: Int(width), height: Int(height + legend),
      script: { theme in
        var script = FigureScript(theme)
        script.add("set multiplot; set format y '%g'; set ylabel 'accuracy (%)' offset -0.5,0; set pointsize 1.3")
        for (index, axis) in axes.enumerated() {
          let left = Double(index) * panel
          script.place(
            left: (left + 72) / width, right: (left + panel - 18) / width, bottom: (legend + 56) / (height + legend),
            top: 1 - 40 / (height + legend))
          // The legend stands once, below the first panel.
          if index == 0 {
            script.add(
              "set key at screen \(64 / width),\(legend / (height + legend)) left top Left reverse maxrows \(rows.count)"
            )
          } else {
            script.add("unset key")
          }
          script.add(
            "set title \(FigureText.heading(task.task.name, index == 0 ? ": accuracy and time" : ": accuracy and size", limit: 24, room: panel - 90))"
          )
          script.add("set xlabel \(axis.title)")
          draw(axis.costs, scores, names, &script)
        }
        script.add("unset multiplot")
        return script
      })
  }

  private static func draw(
    _ costs: [Double?], _ scores: [TaskComparison.Score], _ names: [String], _ script: inout FigureScript
  ) {
    let front = Pareto.front(zip(costs, scores).map { cost, score in cost.map { (score.mean, $0) } })
    let known = costs.compactMap(\.self)
    let (low, high) = (known.min() ?? 0, known.max() ?? 1)
    // From nought where that leaves the models apart.
    script.add(
      "set xrange [\(low > high / 2 ? low * 0.8 : 0):\(max(high * 1.15, 1e-6))]; set yrange [*:*]; set offsets 0,0,1,1")
    var layers: [GnuplotCommand] = []
    for (index, cost) in costs.enumerated() {
      guard let cost else { continue }
      let (score, color, point) = (scores[index], FigurePalette.line(index).color, front[index] ? 7 : 6)
      let interval = score.interval ?? .init(low: score.mean, high: score.mean)
      let data = script.data([[cost, 100 * score.mean, 100 * interval.low, 100 * interval.high]])
      layers.append(
        "\(data) using 1:2:3:4 with yerrorbars pointtype \(point) linewidth 1.6 linecolor rgb \(color) title \(names[index])"
      )
    }
    script.add("plot \(layers)")
  }
}
