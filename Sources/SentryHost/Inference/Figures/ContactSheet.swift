import SentryRuntime

/// Samples as small pictures with captions: above all those of which a model was most sure and wrong.
package enum ContactSheet {
  /// Pixels of a sample, 8 bits a channel, rows from the top.
  package struct Thumbnail: Sendable {
    package var width, height: Int
    /// RGB.
    var pixels: [UInt8]
  }
  package struct Tile: Sendable {
    package var thumbnail: Thumbnail
    var truth, predicted: String
    var confidence: Double
  }
  /// A picture with what stands below it.
  package struct Cell: Sendable {
    package var thumbnail: Thumbnail
    package var caption: [(text: String, isStrong: Bool)]

    package init(thumbnail: Thumbnail, caption: [(text: String, isStrong: Bool)]) {
      (self.thumbnail, self.caption) = (thumbnail, caption)
    }
  }
  package static let columns = 6
  private static let narrowColumns = 3
  package static let limit = 24

  package static func figure(_ tiles: [Tile], task: String, name: String) -> Figure {
    sheet(
      tiles.map { tile in
        let confidence = NumberText.fixed(100 * tile.confidence, 1)
        return Cell(
          thumbnail: tile.thumbnail,
          caption: [
            ("\(FigureText.short(tile.truth, 17)) →", false),
            ("\(FigureText.short(tile.predicted, 12)) \(confidence) %", true),
          ])
      }, heading: "\(FigureText.short(task, 30)): the most confident mistakes",
      title: "\(task): the most confident mistakes, with the true and the predicted class", name: name)
  }

  package static func sheet(_ cells: [Cell], heading: String, title: String, name: String) -> Figure {
    var wide = sheet(cells, heading: heading, title: title, name: name, columns: columns)
    if cells.count > narrowColumns {
      wide.narrow = { sheet(cells, heading: heading, title: title, name: name, columns: narrowColumns) }
    }
    return wide
  }

  private static func sheet(_ cells: [Cell], heading: String, title: String, name: String, columns: Int) -> Figure {
    let lines = cells.map(\.caption.count).max() ?? 0
    let (cell, caption, margin) = (132.0, 6 + 16 * Double(lines), 10.0)
    let columns = max(1, min(columns, cells.count))
    let rows = (cells.count + columns - 1) / columns
    let (width, height) = (margin + Double(columns) * (cell + margin), 44 + Double(rows) * (cell + caption + margin))
    return Figure(
      name: name, title: title, width: Int(width), height: Int(height), isRaster: true,
      files: Dictionary(
        uniqueKeysWithValues: cells.enumerated().map { ("tile\($0.offset)", $0.element.thumbnail.pixels) }),
      script: { theme in
        var script = FigureScript(theme)
        script.add("set multiplot; unset border; unset tics; unset key; unset grid; set size ratio -1")
        script.add(
          "set label 1 \(heading) at screen 0.5,\(1 - 20 / height) center font ',12' textcolor rgb \(theme.ink)"
        )
        for (index, tile) in cells.enumerated() {
          let left = margin + Double(index % columns) * (cell + margin)
          let top = 44 + Double(index / columns) * (cell + caption + margin)
          script.place(
            left: left / width, right: (left + cell) / width, bottom: 1 - (top + cell) / height, top: 1 - top / height)
          for (line, (text, isStrong)) in tile.caption.enumerated() {
            let color = isStrong ? theme.ink : theme.muted
            script.add(
              "set label \(line + 2) \(text) at screen \((left + cell / 2) / width),\(1 - (top + cell + 11 + 16 * Double(line)) / height) center font ',9' textcolor rgb \(color)"
            )
          }
          let (w, h) = (tile.thumbnail.width, tile.thumbnail.height)
          // Labels are drawn with every plot: the heading with the first one.
          if index == 1 { script.add("unset label 1") }
          script.add("set xrange [-0.5:\(Double(w) - 0.5)]; set yrange [-0.5:\(Double(h) - 0.5)]")
          script.add(
            "plot 'tile\(index)' binary array=(\(w),\(h)) flipy format='%uchar' using 1:2:3 with rgbimage notitle")
        }
        script.add("unset multiplot")
        return script
      })
  }
}

extension EvaluationFigure {
  static let mistakes = EvaluationFigure(
    stem: "mistakes",
    drawing: .task { report, task, name in
      guard report.tiles.indices.contains(task), !report.tiles[task].isEmpty else { return nil }
      return ContactSheet.figure(report.tiles[task], task: report.metrics[task].task.name, name: name)
    })
}
