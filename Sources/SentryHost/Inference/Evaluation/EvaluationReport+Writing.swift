import SentryFormats
import SentryPluginAPI
import SentryRuntime

extension EvaluationReport {
  /// Writes everything to a folder, the numbers first.
  /// - Returns: the names of the files.
  /// - Parameter warn: told of pictures that cannot be drawn.
  package func write(to folder: String, gnuplot: Gnuplot = Gnuplot(), warn: (PluginError) -> Void) throws -> [String] {
    var names = try writeNumbers(to: folder)
    func write(_ name: String, _ bytes: [UInt8]) throws {
      try AtomicFile.write(bytes, to: "\(folder)/\(name)")
      names.append(name)
    }
    var notes = notes
    let pictures = try FigureRenderer(gnuplot: gnuplot, write: write).render(figures) { problem in
      warn(problem)
      notes.append(problem.message)
    }
    try write(ReportPage.name, Array(page(pictures, notes: notes).utf8))
    return names
  }

  /// Writes metrics.json and predictions.csv to a folder.
  /// - Returns: the names of the files.
  package func writeNumbers(to folder: String) throws -> [String] {
    let json = MetricsFile.json(
      metrics, samples: result.names.count, skipped: result.skipped, about: about, notes: notes)
    let text = try OrderedJSON.text(json, keys: result.tasks.flatMap(\.task.classes)) + "\n"
    try AtomicFile.write(text, to: "\(folder)/\(metricsName)")
    try AtomicFile.write(PredictionsFile.text(result), to: "\(folder)/\(PredictionsFile.name)")
    return [metricsName, PredictionsFile.name]
  }

  private func page(_ pictures: [RenderedFigure], notes: [String]) -> String {
    let epoch = about.epoch.map { ", epoch \($0)" } ?? ""
    let provenance: [Markup] =
      [.command(about.command), .plugins(about.components)]
      + about.components.map { .options("Options of \($0.kind) \($0.choice.name)", $0.choice.options) }
    return ReportPage.html(
      title: about.title,
      subtitle:
        "\(about.checkpoint)\(epoch) (SHA-256 \(about.checkpointSHA256)); \(NumberText.counted(result.names.count, "sample")) of the split \(about.split)",
      notes: notes,
      sections: sections(pictures) + [
        .section("Data", about.dataNotes.isEmpty ? [] : [.list(about.dataNotes)]),
        .section("Provenance", provenance), .section("Machine", [.machine(.current, about.place)]),
      ])
  }

  /// Whether an evaluation may have written a file of this name.
  package static func isOwn(_ name: String) -> Bool {
    name == PredictionsFile.name || name == ReportPage.name || name.hasSuffix("metrics.json")
      || EvaluationFigure.isOwn(name)
  }

  /// Refuses a folder that holds an evaluation, unless it may be replaced.
  package static func checkFolder(_ folder: String, overwrite: Bool) throws {
    let own = try (SystemFile.names(in: folder) ?? []).filter(isOwn)
    guard own.isEmpty || overwrite else {
      throw PluginError.invalid(
        "\(folder) holds an evaluation or a report: \(own.prefix(4).joined(separator: ", "))\(own.count > 4 ? ", …" : "")",
        hint: "give another --output, or --overwrite to replace it")
    }
  }

  /// Makes the folder, without the files of an earlier evaluation.
  package static func clearFolder(_ folder: String) throws {
    try SystemFile.makeFolder(folder)
    for name in try SystemFile.names(in: folder) ?? [] where isOwn(name) {
      try SystemFile.removeFile("\(folder)/\(name)")
    }
  }
}
