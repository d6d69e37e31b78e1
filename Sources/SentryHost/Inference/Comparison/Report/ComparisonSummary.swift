import SentryPluginAPI
import SentryRuntime

extension ModelComparison {
  /// What a comparison prints: a column for each model, then warnings and a sentence on each.
  package var summary: String {
    tasks.map { task in
      let rows = rows(of: task)
      var table = [["\(task.task.name), \(split)"] + rows.map(\.model.name)]
      table += ComparisonColumn.shown.map { shown in [shown.title] + rows.map(shown.column.text) }
      let sentences = warnings(on: task).map { "warning: \($0)" } + verdicts(on: task)
      return TextTable.text(table) + "\n\n" + sentences.joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  /// The models whose numbers are not about what they learned, with the reason.
  var warnings: [String] { tasks.flatMap { warnings(on: $0) } }

  func warnings(on task: TaskComparison) -> [String] {
    let place = tasks.count == 1 ? "" : "'\(task.task.name)': "
    return zip(models, task.scores).flatMap { model, score in
      let constant = zip(seeds, score.baselines).compactMap { seed, baseline in
        baseline?.constancy.map { "\(model.name)\(seeds.count == 1 ? "" : " with seed \(seed)") \($0)" }
      }
      let below = score.baseline?.shortfall.map { ["\(model.name) \($0)"] } ?? []
      return (constant + below).map { place + $0 }
    }
  }

  /// A sentence on each model but the first.
  func verdicts(on task: TaskComparison) -> [String] {
    task.pairs.map { pair in
      let (difference, interval) = (pair.bootstrap.difference, pair.bootstrap.interval)
      let verdict =
        switch pair.verdict {
        case .notShown, .withheld: "\(models[pair.model].name) and \(models[0].name): \(reasoned(pair.verdict))"
        case .better, .worse: "\(models[pair.model].name) is \(pair.verdict.rawValue) than \(models[0].name)"
        }
      let tests = pair.adjustedMcNemar.map(ComparisonText.pValue).joined(separator: ", ")
      let smallest =
        pair.smallestDifference.map { "differences from \(ComparisonText.points($0, sign: false)) points on" }
        ?? "no difference"
      return
        "\(verdict): \(ComparisonText.points(difference)) points, 95 % interval \(ComparisonText.points(interval.low)) to "
        + "\(ComparisonText.points(interval.high)), p \(Self.equals(pair.adjustedP)); McNemar \(seeds.count == 1 ? "p" : "within the seeds p") \(tests). "
        + "A test set of \(task.samples.min() ?? 0) samples on which they disagree as often shows \(smallest)."
    }
  }

  private func reasoned(_ verdict: PairComparison.Verdict) -> String {
    verdict.rawValue + (verdict == .withheld ? ", because of the warning" : "")
  }

  private static func equals(_ p: Double) -> String {
    let text = ComparisonText.pValue(p)
    return text.hasPrefix("<") ? text : "= \(text)"
  }
}
