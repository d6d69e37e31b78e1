import SentryPluginAPI
import SentryRuntime

extension ComparisonReport {
  /// Rows of disagreements that a page shows of each model.
  private static let rowLimit = 100

  func html(_ pictures: [RenderedFigure], notes: [String]) -> String {
    let names = comparison.models.map(\.name)
    let seeds = comparison.seeds.map(String.init).joined(separator: ", ")
    return ReportPage.html(
      title: "Comparison of \(names.joined(separator: ", "))",
      subtitle: "split \(comparison.split); seeds \(seeds); each model against \(names.first ?? "")", notes: notes,
      sections: comparison.tasks.flatMap(sections) + [
        .section("Pictures", [.figures(pictures)]), .section("Provenance", [.command(comparison.command), runs]),
        .section(
          "Machine", [.machine(.current, comparison.models.first?.runs.first?.evaluation.place ?? ModelPlace())]),
      ])
  }

  private func sections(_ task: TaskComparison) -> [Markup] {
    let suffix = comparison.tasks.count == 1 ? "" : ": \(task.task.name)"
    let rows = comparison.rows(of: task)
    let table = Markup.table(
      [""] + rows.map(\.model.name),
      ComparisonColumn.shown.map { shown in [shown.title] + rows.map(shown.column.text) })
    return [
      .section("Verdict\(suffix)", [.list(comparison.verdicts(on: task))]),
      .section("Models\(suffix)", [table, methods(task)]),
      .section("Seeds\(suffix)", [bySeed(task, rows)]),
    ]
      + task.pairs.flatMap { pair in
        let name = "\(comparison.models[pair.model].name)\(suffix)"
        return [
          Markup.section("Classes: \(name)", [classes(pair, task)]),
          .section("Only one is right: \(name)", [disagreements(pair, task)]),
        ]
      }
  }

  private func methods(_ task: TaskComparison) -> Markup {
    let tests = comparison.models.count > 2 ? ", corrected by Holm's procedure for \(task.pairs.count) models" : ""
    return """
      <p class="subtitle">Accuracy: mean over the seeds with Wilson's interval. Difference to the first model, interval and p: paired \
      percentile bootstrap over samples and seeds, \(comparison.draws) draws, seed \(Int(clamping: comparison.seed))\(tests). \
      McNemar: exact, within each seed. Smallest difference: what McNemar's test of one seed shows at a level of 5 % with a power of \
      80 %. FLOPs: two for each multiplication that is added up. Times are of the model's passes, without loading.</p>

      """
  }

  private func bySeed(_ task: TaskComparison, _ rows: [ComparisonRow]) -> Markup {
    .table(
      ["model", "seed", "accuracy", "only it is right", "only the first is", "McNemar p"],
      rows.flatMap { row in
        comparison.seeds.enumerated().map { index, seed in
          let test = row.pair?.mcNemar[index]
          return [
            row.model.name, "\(seed)", ComparisonText.percentage(row.score.accuracies[index]),
            test.map { "\($0.onlyOther)" } ?? "–", test.map { "\($0.onlyFirst)" } ?? "–",
            row.pair.map { ComparisonText.pValue($0.adjustedMcNemar[index]) } ?? "–",
          ]
        }
      })
  }

  private func classes(_ pair: PairComparison, _ task: TaskComparison) -> Markup {
    .table(
      ["class", "answers", "wins", "losses", "balance"],
      zip(task.task.classes, pair.classes).map { name, balance in
        let difference = balance.wins - balance.losses
        return [
          name, "\(balance.samples)", "\(balance.wins)", "\(balance.losses)",
          (difference > 0 ? "+" : "") + "\(difference)",
        ]
      })
  }

  private func disagreements(_ pair: PairComparison, _ task: TaskComparison) -> Markup {
    guard !pair.disagreements.isEmpty else { return "<p>None.</p>\n" }
    func answers(_ labels: [Int]) -> String { labels.map { task.task.classes[$0] }.joined(separator: ", ") }
    let rows = pair.disagreements.prefix(Self.rowLimit).map { disagreement in
      [
        comparison.name(of: disagreement), task.task.classes[disagreement.truth], answers(disagreement.first),
        answers(disagreement.other),
      ]
    }
    let rest = pair.disagreements.count - rows.count
    let more: Markup = rest > 0 ? "<p class=\"subtitle\">\(rest) more are in comparison.json.</p>\n" : ""
    let names = [comparison.models[0].name, comparison.models[pair.model].name]
    let order: Markup =
      "<p class=\"subtitle\">In rounds of one sample of each true class, those first on which most seeds agree.</p>\n"
    return "\(order)\(Markup.table(["sample", "true"] + names, Array(rows), numbers: false))\(more)"
  }

  private var runs: Markup {
    .table(
      ["run", "model", "seed", "checkpoint's SHA-256"],
      comparison.models.flatMap { model in
        model.runs.map { [$0.summary.directory, model.name, "\($0.seed)", $0.evaluation.origin.checkpointSHA256] }
      }, numbers: false)
  }
}
