import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// All that a comparison says, ready to be written: numbers, pictures, a page.
package struct ComparisonReport: Sendable {
  static let stem = "comparison"
  static let page = "\(stem).html"

  let comparison: ModelComparison
  let sheets: [DisagreementSheet]

  /// - Parameters:
  ///   - registry: makes the dataset again, for the pictures.
  ///   - warn: told why there are no pictures of samples.
  package init(_ comparison: ModelComparison, registry: Registry, warn: (PluginError) -> Void) {
    self.comparison = comparison
    do {
      sheets = try DisagreementSheet.all(of: comparison) { evaluation in
        // Generated data depend on the seed of the run.
        if let seed = evaluation.dataset.options["seed"]?.intValue, seed >= 0 { HostState.shared.seed = UInt64(seed) }
        return try registry.make(evaluation.dataset)
      }
    } catch {
      sheets = []
      let problem = error as? PluginError ?? PluginError("\(error)")
      warn(PluginError("no samples are shown: \(problem.message)", hint: problem.hint, code: problem.code))
    }
  }

  /// Whether a comparison may have written a file of this name.
  package static func isOwn(_ name: String) -> Bool { [page, "\(stem).json", "\(stem).csv"].contains(name) }

  /// Writes the files to a folder, the numbers first.
  /// - Returns: the names of the files.
  package func write(to folder: String, gnuplot: Gnuplot = Gnuplot(), warn: (PluginError) -> Void) throws -> [String] {
    let json = try OrderedJSON.text(ComparisonFile.json(comparison), keys: ["model", "task"])
    try AtomicFile.write(json + "\n", to: "\(folder)/\(Self.stem).json")
    try AtomicFile.write(ComparisonFile.csv(comparison), to: "\(folder)/\(Self.stem).csv")
    var notes = comparison.warnings + comparison.notes
    let figures = ComparisonFigure.all.flatMap { $0.draw(self) }
    let pictures = try FigureRenderer(gnuplot: gnuplot).render(figures) { problem in
      warn(problem)
      notes.append(problem.message)
    }
    try AtomicFile.write(html(pictures, notes: notes), to: "\(folder)/\(Self.page)")
    return ["\(Self.stem).json", "\(Self.stem).csv", Self.page]
  }
}
