import SentryPluginAPI

/// Confusion matrices: for each task a row with the counts, and with the shares of each true class.
package enum ConfusionFigure {
  /// The matrix of a task.
  package struct Matrix: Sendable {
    package var task: ClassificationTask
    package var confusion: ConfusionMatrix

    package init(task: ClassificationTask, confusion: ConfusionMatrix) {
      (self.task, self.confusion) = (task, confusion)
    }
  }

  package static func figure(_ tasks: [TaskMetrics], name: String) -> Figure {
    figure(tasks.map { Matrix(task: $0.task, confusion: $0.confusion) }, name: name)
  }

  package static func figure(_ tasks: [Matrix], name: String) -> Figure {
    var wide = figure(tasks, name: name, isStacked: false)
    wide.narrow = { figure(tasks, name: name, isStacked: true) }
    return wide
  }

  /// - Parameter isStacked: whether the shares stand below the counts instead of beside them.
  private static func figure(_ tasks: [Matrix], name: String, isStacked: Bool) -> Figure {
    let layout = Layout(tasks, isStacked: isStacked)
    return Figure(
      name: name,
      title: "Confusion matrix" + (tasks.count > 1 ? " of each task" : "") + ": counts, and shares of each true class",
      width: layout.width, height: layout.height,
      script: { theme in
        var script = FigureScript(theme)
        script.add("set multiplot")
        script.add("unset key; unset border; unset grid")
        script.add("set tics scale 0")
        script.add(FigurePalette.gnuplot)
        for (row, task) in tasks.enumerated() {
          let title = tasks.count > 1 ? "\(FigureText.short(task.task.name)): " : ""
          let counts = task.confusion.rows.map { $0.map { Optional(Double($0)) } }
          let shares = task.confusion.normalisedRows.map { row in
            row.map { $0.map { Optional(100 * $0) } } ?? [Double?](repeating: nil, count: task.task.classes.count)
          }
          let highest = Double(max(task.confusion.cells.map { $0.count }.max() ?? 0, 1))
          let classes = task.task.classes
          draw(counts, classes, highest, "%.0f", "\(title)counts", layout.panel(row, 0), Double(layout.width), &script)
          draw(
            shares, classes, 100, "%.1f", "\(title)% of true class", layout.panel(row, 1), Double(layout.width), &script
          )
        }
        script.add("unset multiplot")
        return script
      })
  }

  private static func draw(
    _ rows: [[Double?]], _ classes: [String], _ highest: Double, _ format: GnuplotCommand, _ title: String,
    _ panel: Layout.Panel, _ width: Double, _ script: inout FigureScript
  ) {
    let last = Double(classes.count) - 0.5
    script.place(left: panel.left, right: panel.right, bottom: panel.bottom, top: panel.top)
    script.add("set title \(title)")
    script.add(
      "set colorbox noborder user origin screen \(panel.right + 10 / width),\(panel.bottom) size screen \(12 / width),\(panel.top - panel.bottom)"
    )
    script.add("set cbtics 0,\(max(1, (highest / 4).rounded(.up))) format '%.0f' font ',8'")
    script.add("set xrange [-0.5:\(last)]; set yrange [\(last):-0.5]; set cbrange [0:\(highest)]")
    script.add("set xlabel 'predicted'; set ylabel 'true'")
    let labels = classes.enumerated().map { (lines: [FigureText.short($0.element)], place: Double($0.offset)) }
    script.tics("x", labels, panel.isTurned ? "rotate by 45 right" : "norotate")
    script.tics("y", labels)
    let cells = rows.enumerated().flatMap { y, row in
      row.enumerated().map { x, value in (x: Double(x), y: Double(y), value: value) }
    }
    let known = script.data(cells.filter { $0.value != nil }.map { [$0.x, $0.y, $0.value] })
    // A class without samples has no shares; the last point, out of sight, is for matrices without such a class.
    let missing = script.data(cells.filter { $0.value == nil }.map { [$0.x, $0.y] } + [[-9, -9]])
    let (theme, size) = (script.theme, classes.count > 12 ? 8 : 10)
    let dark = highest * FigurePalette.darkTextFrom
    var layers: [GnuplotCommand] = [
      "\(known) using 1:2:(0.485):(0.485):3 with boxxyerror fillstyle solid noborder fillcolor palette"
    ]
    if classes.count <= 20 {
      for (condition, color) in [("$3 < \(dark)", 0xFFFFFF), ("$3 >= \(dark)", 0)] as [(GnuplotCommand, FigureColor)] {
        layers.append(
          "\(known) using 1:2:(\(condition) ? sprintf('\(format)', $3) : '') with labels font 'DejaVu Sans:Bold,\(size)' textcolor rgb \(color)"
        )
      }
      layers.append("\(missing) using 1:2:('–') with labels textcolor rgb \(theme.muted)")
    }
    script.add("plot \(layers)")
  }

  /// Where the matrices stand, in pixels, and in shares of the picture for gnuplot.
  private struct Layout {
    struct Panel {
      var left, right, bottom, top: Double
      var isTurned: Bool
    }
    private var sides: [Double] = []
    private var leftRoom = 0.0
    private var bottomRooms: [Double] = []
    private var turned: [Bool] = []
    private let topRoom = 44.0
    private let rightRoom = 64.0
    private let isStacked: Bool

    init(_ tasks: [Matrix], isStacked: Bool) {
      self.isStacked = isStacked
      for task in tasks {
        let longest = task.task.classes.map { FigureText.width(of: FigureText.short($0)) }.max() ?? 0
        // Cells as wide as their labels, within limits; longer labels are turned.
        let side = min(max(Double(task.task.classes.count) * min(max(longest + 12, 54), 78), 250), 700)
        let isTurned = longest + 8 > side / Double(max(task.task.classes.count, 1))
        sides.append(side)
        turned.append(isTurned)
        bottomRooms.append(isTurned ? longest * 0.75 + 62 : 58)
        leftRoom = max(leftRoom, longest + 54, isTurned ? longest * 0.75 + 20 : 0)
      }
    }

    private var panelWidth: Double { leftRoom + (sides.max() ?? 0) + rightRoom }
    private func panelHeight(_ row: Int) -> Double { topRoom + sides[row] + bottomRooms[row] }

    var width: Int { Int(isStacked ? panelWidth : 2 * panelWidth) }
    var height: Int { Int(above(row: sides.count)) }

    /// What stands above the matrices of a task.
    private func above(row: Int) -> Double { (0..<row).reduce(0) { $0 + panelHeight($1) * (isStacked ? 2 : 1) } }

    func panel(_ row: Int, _ column: Int) -> Panel {
      let above = above(row: row) + topRoom + (isStacked ? Double(column) * panelHeight(row) : 0)
      let left = leftRoom + (isStacked ? 0 : Double(column) * panelWidth)
      let (width, height) = (Double(width), Double(height))
      return Panel(
        left: left / width, right: (left + sides[row]) / width, bottom: 1 - (above + sides[row]) / height,
        top: 1 - above / height, isTurned: turned[row])
    }
  }
}

extension EvaluationFigure {
  static let confusion = EvaluationFigure(
    stem: "confusion_matrix", pluralStem: "confusion_matrices",
    drawing: .whole { report, name in
      let scored = report.metrics.filter { $0.labelled > 0 && $0.task.classes.count <= Figure.mostClasses }
      return scored.isEmpty ? nil : ConfusionFigure.figure(scored, name: name)
    })
}
