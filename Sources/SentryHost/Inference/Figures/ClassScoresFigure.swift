/// Precision, recall and F1 of every class as bars side by side.
enum ClassScoresFigure {
  /// Pixels of a row of classes on a narrow page.
  private static let narrowWidth = 480.0

  static func figure(_ task: TaskMetrics, name: String) -> Figure {
    let count = task.task.classes.count
    var wide = figure(task, name: name, columns: max(count, 1))
    let columns = max(1, Int((narrowWidth - margin) / groupWidth(count)))
    if columns < count { wide.narrow = { figure(task, name: name, columns: columns) } }
    return wide
  }

  private static let margin = 90.0

  /// Groups of three bars with a number over each, as long as there is room for them.
  private static func groupWidth(_ classes: Int) -> Double { min(110, max(40, 1500 / Double(max(classes, 1)))) }

  /// - Parameter columns: classes side by side; the others stand in further rows.
  private static func figure(_ task: TaskMetrics, name: String, columns: Int) -> Figure {
    let classes = task.task.classes
    let group = groupWidth(classes.count)
    let longest = classes.map { FigureText.width(of: FigureText.short($0)) }.max() ?? 0
    let isTurned = longest + 8 > group
    let bottom = isTurned ? longest * 0.75 + 58 : 60
    let rows = max(1, (classes.count + columns - 1) / columns)
    let rowHeight = 330 + bottom
    let (width, height) = (max(Double(columns) * group + margin, narrowWidth), rowHeight * Double(rows))
    return Figure(
      name: name, title: "Precision, recall and F1 of each class of \(task.task.name)", width: Int(width),
      height: Int(height),
      script: { theme in
        var script = FigureScript(theme)
        script.add("set multiplot")
        script.add("set key at graph 0.5, graph 1.03 center bottom horizontal; set grid noxtics; set ylabel 'score'")
        script.add("set yrange [0:1.05]; set ytics 0,0.2,1")
        let title = "\(FigureText.short(task.task.name, 40)): scores of each class"
        for row in 0..<rows {
          let shown = row * columns..<min((row + 1) * columns, classes.count)
          let below = height - Double(row + 1) * rowHeight
          script.place(
            left: 64 / width, right: 1 - 20 / width, bottom: (below + bottom) / height,
            top: (below + rowHeight - 76) / height)
          script.add(row == 0 ? "set title \(title) offset 0,1.4" : "unset title")
          script.add("set xrange [\(Double(shown.lowerBound) - 0.5):\(Double(row * columns + columns) - 0.5)]")
          script.tics(
            "x",
            shown.map { index in
              let lines = [FigureText.short(classes[index]), "n = \(task.classes[index].support)"]
              return (isTurned ? [lines.joined(separator: ", ")] : lines, Double(index))
            }, isTurned ? "rotate by 45 right" : "norotate")
          draw(task, shown, hasNumbers: group >= 90, &script)
        }
        script.add("unset multiplot")
        return script
      })
  }

  private static func draw(_ task: TaskMetrics, _ shown: Range<Int>, hasNumbers: Bool, _ script: inout FigureScript) {
    let scores = script.data(
      shown.map { [Double($0), task.classes[$0].precision, task.classes[$0].recall, task.classes[$0].f1] })
    var layers: [GnuplotCommand] = []
    for (column, title) in ["precision", "recall", "F1"].enumerated() {
      let place: GnuplotCommand = "($1 + \(0.27 * Double(column - 1)))"
      layers.append(
        "\(scores) using \(place):\(column + 2):(0.24) with boxes fillstyle solid noborder linecolor rgb \(FigurePalette.lines[column]) title \(title)"
      )
      if hasNumbers {
        layers.append(
          "\(scores) using \(place):\(column + 2):(sprintf('%.2f', $\(column + 2))) with labels offset 0,0.5 font ',8' textcolor rgb \(script.theme.ink) notitle"
        )
      }
    }
    script.add("plot \(layers)")
  }
}

extension EvaluationFigure {
  static let classScores = EvaluationFigure(
    stem: "per_class_metrics", drawing: .task { ClassScoresFigure.figure($0.metrics[$1], name: $2) })
}
