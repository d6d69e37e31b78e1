/// Precision, recall and F1 of every class as bars side by side.
enum ClassScoresFigure {
  static func figure(_ task: TaskMetrics, name: String) -> Figure {
    let classes = task.task.classes
    // Groups of three bars with a number over each, as long as there is room for them.
    let group = min(110, max(40, 1500 / Double(max(classes.count, 1))))
    let longest = classes.map { FigureText.width(of: FigureText.short($0)) }.max() ?? 0
    let isTurned = longest + 8 > group
    let bottom = isTurned ? longest * 0.75 + 58 : 60
    let (width, height) = (max(Double(classes.count) * group + 90, 480), 330 + bottom)
    return Figure(
      name: name, title: "Precision, recall and F1 of each class of \(task.task.name)", width: Int(width),
      height: Int(height),
      script: { theme in
        var script = FigureScript(theme)
        script.place(left: 64 / width, right: 1 - 20 / width, bottom: bottom / height, top: 1 - 76 / height)
        let title = "\(FigureText.short(task.task.name, 40)): scores of each class"
        script.add("set title \(title) offset 0,1.4")
        script.add("set key at graph 0.5, graph 1.03 center bottom horizontal; set grid noxtics; set ylabel 'score'")
        script.add("set xrange [-0.5:\(Double(classes.count) - 0.5)]; set yrange [0:1.05]; set ytics 0,0.2,1")
        script.tics(
          "x",
          classes.enumerated().map { index, label in
            let lines = [FigureText.short(label), "n = \(task.classes[index].support)"]
            return (isTurned ? [lines.joined(separator: ", ")] : lines, Double(index))
          }, isTurned ? "rotate by 45 right" : "norotate")
        let scores = script.data(
          task.classes.enumerated().map { [Double($0.offset), $0.element.precision, $0.element.recall, $0.element.f1] })
        var layers: [GnuplotCommand] = []
        for (column, title) in ["precision", "recall", "F1"].enumerated() {
          let place: GnuplotCommand = "($1 + \(0.27 * Double(column - 1)))"
          layers.append(
            "\(scores) using \(place):\(column + 2):(0.24) with boxes fillstyle solid noborder linecolor rgb \(FigurePalette.lines[column]) title \(title)"
          )
          if group >= 90 {
            layers.append(
              "\(scores) using \(place):\(column + 2):(sprintf('%.2f', $\(column + 2))) with labels offset 0,0.5 font ',8' textcolor rgb \(theme.ink) notitle"
            )
          }
        }
        script.add("plot \(layers)")
        return script
      })
  }
}

extension EvaluationFigure {
  static let classScores = EvaluationFigure(
    stem: "per_class_metrics", drawing: .task { ClassScoresFigure.figure($0.metrics[$1], name: $2) })
}
