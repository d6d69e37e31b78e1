import SentryRuntime

/// How often the model is right at each level of confidence, and how often it has that confidence.
enum ReliabilityFigure {
  /// The accuracy of fewer samples than these says little.
  static let fewSamples = 10

  static func figure(_ task: TaskMetrics, name: String) -> Figure {
    let (width, height, side, above) = (520.0, 602.0, 330.0, 92.0)
    return Figure(
      name: name, title: "\(task.task.name): accuracy by confidence, and how many samples have that confidence",
      width: Int(width), height: Int(height),
      script: { theme in
        var script = FigureScript(theme)
        let bins = task.calibration.bins
        let rows = script.data(
          bins.map { bin in
            [
              (bin.lower + bin.upper) / 2, bin.count < fewSamples ? nil : bin.accuracy,
              bin.count < fewSamples ? bin.accuracy : nil, bin.accuracy, bin.confidence,
              Double(bin.count) / Double(max(task.labelled, 1)),
            ]
          })
        let (left, right) = (70 / width, 1 - 20 / width)
        let wide = 0.92 / Double(max(bins.count, 1))
        script.add("set multiplot")
        script.add("set xrange [0:1]; set xtics 0,0.2,1")
        script.place(left: left, right: right, bottom: 1 - (above + side) / height, top: 1 - above / height)
        let error = NumberText.fixed(task.calibration.expectedError, 3)
        let title = FigureText.heading(
          task.task.name, ": reliability, ECE \(error) (\(bins.count) bins)", limit: 30, room: width - 70 - 20)
        script.add("set title \(title) offset 0,2.6")
        script.add("set yrange [0:1]; set ytics 0,0.2,1; set ylabel 'accuracy'; set format x ''")
        // Bars may stand anywhere: the legend stands above them.
        script.add("set key at graph 0.5, graph 1.02 center bottom horizontal")
        script.add(
          """
          plot \(rows) using 1:2:(\(wide)) with boxes fillstyle solid noborder linecolor rgb \(FigurePalette.lines[0]) title 'accuracy', \\
            \(rows) using 1:3:(\(wide)) with boxes fillstyle solid 0.3 noborder linecolor rgb \(FigurePalette.lines[0]) title 'fewer than \(fewSamples) samples', \\
            \(rows) using 1:4:(0):($5-$4) with vectors nohead linecolor rgb \(FigurePalette.lines[1]) linewidth 2 title 'gap', \\
            x with lines linecolor rgb \(theme.muted) dashtype 3 title 'perfect'
          """)
        script.place(left: left, right: right, bottom: 54 / height, top: 1 - (above + side + 16) / height)
        script.add("unset title; unset key; set format x '%g'; set xlabel 'confidence'; set ylabel 'share'")
        let highest = Double(bins.map(\.count).max() ?? 0) / Double(max(task.labelled, 1))
        let step = [0.02, 0.05, 0.1, 0.2].first { highest / $0 <= 4 } ?? 0.5
        script.add("set yrange [0:\(max(highest * 1.05, 0.01))]; set ytics \(step)")
        script.add(
          "plot \(rows) using 1:6:(\(wide)) with boxes fillstyle solid noborder linecolor rgb \(FigurePalette.lines[5])"
        )
        script.add("unset multiplot")
        return script
      })
  }
}

extension EvaluationFigure {
  static let reliability = EvaluationFigure(
    stem: "reliability", drawing: .task { ReliabilityFigure.figure($0.metrics[$1], name: $2) })
}
