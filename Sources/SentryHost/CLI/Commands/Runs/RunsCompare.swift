import ArgumentParser
import SentryFormats
import SentryInference
import SentryPluginAPI
import SentryRuntime

struct RunsCompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compares the results and settings of runs.",
    discussion: "Reports runs that are not comparable because they were trained or validated on different samples.")

  @OptionGroup var global: GlobalOptions
  @OptionGroup var options: RunsTableOptions

  @Option(
    help: ArgumentHelp(
      "Draw the curves of all runs to FILE.png and FILE.svg (with gnuplot).", valueName: "file"),
    completion: .file())
  var figure: String?

  func run() throws {
    let search = try RunSearch.told(options.runs)
    guard search.runs.count > 1 else {
      throw PluginError.invalid(
        search.runs.isEmpty ? "there is no run to compare" : "there is only one run: \(search.runs[0].directory)",
        hint: "name two or more, or a folder that holds them")
    }
    let registry = Registry(try global.discover())
    let comparison = RunComparison(search.runs) { kind, name in
      ComponentKind(rawValue: kind).flatMap { registry.find($0, name) }.flatMap { try? $0.schema() }
    }
    // The picture first: what is printed is the last word.
    if let figure { try draw(comparison, figure) }
    if options.runs.json {
      var members = comparison.json
      members["runs"] = .array(search.runs.map(\.json))
      members["broken"] = search.brokenJSON
      Console.result(try JSON.text(JSONValue.object(members), pretty: true))
    } else if options.csv {
      Console.result(RunTable.csv(search.runs))
    } else {
      Console.result(comparison.text)
    }
    if options.runs.json || options.csv {
      for obstacle in comparison.obstacles { Console.error("warning: not comparable: \(obstacle)\n") }
    }
    try search.finish()
  }

  private func draw(_ comparison: RunComparison, _ path: String) throws {
    let stem = [".png", ".svg"].contains { path.hasSuffix($0) } ? String(path.dropLast(4)) : path
    guard !Paths.last(stem).isEmpty, !stem.hasSuffix("/") else {
      throw PluginError.invalid("--figure \(path) is not a file name")
    }
    let curves = zip(comparison.labels, comparison.runs).map { (label: $0, history: $1.history) }
    guard let figure = RunCurvesFigure.figure(curves, name: Paths.last(stem)) else {
      throw PluginError.invalid("no run has an epoch to draw", hint: "leave --figure out")
    }
    let pictures = try [Gnuplot.Format.png, .svg].map { ($0, try Gnuplot().render(figure, .light, as: $0)) }
    try mappingFormatErrors {
      for (format, bytes) in pictures { try AtomicFile.write(bytes, to: "\(stem).\(format.rawValue)") }
    }
    for (format, _) in pictures { Console.error("written: \(stem).\(format.rawValue)\n") }
  }
}
