import SentryFormats
import SentryPluginAPI

extension EvaluationReport {
  /// Writes everything to a folder, the numbers first.
  /// - Returns: the names of the files.
  /// - Parameter warn: told of pictures that cannot be drawn.
  func write(to folder: String, gnuplot: Gnuplot = Gnuplot(), warn: (PluginError) -> Void) throws -> [String] {
    var names: [String] = []
    func write(_ name: String, _ bytes: [UInt8]) throws {
      try AtomicFile.write(bytes, to: "\(folder)/\(name)")
      names.append(name)
    }
    let json = MetricsFile.json(metrics, samples: result.names.count, skipped: result.skipped, about: about)
    try write(metricsName, Array((try JSON.text(json, pretty: true) + "\n").utf8))
    try write(PredictionsFile.name, Array(PredictionsFile.text(result).utf8))
    var notes = about.notes
    let pictures = try FigureRenderer(gnuplot: gnuplot, write: write).render(figures) { problem in
      warn(problem)
      notes.append(problem.message)
    }
    try write(ReportPage.name, Array(page(pictures, notes: notes).utf8))
    return names
  }

  private func page(_ pictures: [RenderedFigure], notes: [String]) -> String {
    let epoch = about.epoch.map { ", epoch \($0)" } ?? ""
    let provenance: [Markup] =
      [.command(about.command), .plugins(about.components)]
      + about.components.map { .options("Options of \($0.kind) \($0.choice.name)", $0.choice.options) }
    return ReportPage.html(
      title: about.title,
      subtitle:
        "\(about.checkpoint)\(epoch) (SHA-256 \(about.checkpointSHA256)); \(result.names.count) samples of the split \(about.split)",
      notes: notes,
      sections: sections(pictures) + [
        .section("Data", about.dataNotes.isEmpty ? [] : [.list(about.dataNotes)]),
        .section("How it came about", provenance), .section("Machine", [.machine(.current)]),
      ])
  }

  /// Whether an evaluation may have written a file of this name.
  static func isOwn(_ name: String) -> Bool {
    let stems = [
      "confusion_matrix", "confusion_matrices", "training_curves", "per_class_metrics", "roc_curves",
      "precision_recall_curves", "reliability", "mistakes",
    ]
    return name == PredictionsFile.name || name == ReportPage.name || name.hasSuffix("metrics.json")
      || stems.contains { name.hasSuffix("\($0).png") || name.hasSuffix("\($0).svg") }
  }
}
