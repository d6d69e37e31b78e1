import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// report.html of a run: what came of it, how it went, and how it came about.
package struct RunReport {
  package let record: RunRecord
  package let history: History
  package let timing: Timing
  /// How the best model does on the validation data.
  package let evaluation: EvaluationReport

  package init(record: RunRecord, history: History, timing: Timing, evaluation: EvaluationReport) {
    self.record = record
    self.history = history
    self.timing = timing
    self.evaluation = evaluation
  }

  /// - Parameter warn: told of pictures that cannot be drawn; the page says so, too.
  package func html(gnuplot: Gnuplot = Gnuplot(), warn: (PluginError) -> Void) throws -> String {
    var notes: [String] = []
    let pictures = try FigureRenderer(gnuplot: gnuplot).render(evaluation.figures) { problem in
      warn(problem)
      notes.append(problem.message)
    }
    return try page(pictures, notes: notes + evaluation.notes)
  }

  private func page(_ pictures: [RenderedFigure], notes: [String]) throws -> String {
    let plan = record.plan
    let best = (record.best?.epoch ?? history.bestEpoch).flatMap { epoch in
      history.epochs.firstIndex(of: epoch).flatMap { history.columns["val_acc"]?[$0] }
        .map { "; the best model is of epoch \(epoch), with a validation accuracy of \(NumberText.fixed($0, 2)) %" }
    }
    let components = plan.components
    let options: [Markup] =
      [.options("Options of the run", try JSON.decode(from: JSON.text(plan.run), what: "the options of the run"))]
      + components.map { .options("Options of \($0.kind) \($0.choice.name)", $0.choice.options) }
    let sections: [Markup] =
      evaluation.sections(pictures) + [
        .section("Data", data),
        .section("Epochs", [epochs]),
        .section("Provenance", [.command(record.command), .plugins(components)] + options),
        .section("Sessions", [sessions] + (record.sessions.last.map { [.machine($0.machine, $0.place)] } ?? [])),
      ]
    return ReportPage.html(
      title: "Run of recipe \(plan.recipe.name)",
      subtitle: "\(plan.run.output): \(NumberText.counted(history.epochs.count, "epoch"))\(best ?? "")", notes: notes,
      sections: sections)
  }

  private var data: [Markup] {
    let tables: [Markup] = record.data.train.tasks.enumerated().map { index, task in
      let validation = record.data.validation.tasks[index]
      var rows = task.classes.enumerated().map { label, name in
        [name, "\(task.counts[label])", "\(validation.counts[label])"]
      }
      if task.unlabelled + validation.unlabelled > 0 {
        rows.append(["(unlabelled)", "\(task.unlabelled)", "\(validation.unlabelled)"])
      }
      return .table([task.name, "training", "validation"], rows)
    }
    let skipped: [Markup] =
      record.skipped.isEmpty
      ? []
      : [
        "<h3>Skipped as unreadable</h3>\n",
        .table(["sample", "reason"], record.skipped.map { [$0.name, $0.reason] }, numbers: false),
      ]
    return tables + [.list(record.data.notes)] + skipped
  }

  private var epochs: Markup {
    let columns = history.columns.keys.sorted()
    let rows = history.epochs.enumerated().map { index, epoch -> [String] in
      let place = timing.epoch.firstIndex(of: epoch)
      return ["\(epoch)"]
        + columns.map { name in
          guard let value = history.columns[name]?[index] else { return "–" }
          if name == "lr" { return NumberText.scientific(value, 2) }
          return NumberText.fixed(value, name == History.size ? 0 : 4)
        } + [
          place.map { NumberText.fixed(timing.seconds[$0], 1) } ?? "–",
          place.map { NumberText.fixed(timing.imagesPerSecond[$0], 0) } ?? "–",
          place.map { NumberText.fixed(Double(timing.peakMemoryBytes[$0]) / 1e6, 0) } ?? "–",
        ]
    }
    return .table(["epoch"] + columns + ["seconds", "samples/s", "peak memory (MB)"], rows)
  }

  private var sessions: Markup {
    .table(
      ["started", "ended", "outcome"],
      record.sessions.map { [$0.started, $0.ended ?? "–", $0.outcome ?? "–"] }, numbers: false)
  }
}

extension RunPlan {
  /// The components with their kinds, in the order of the pipeline.
  package var components: [EvaluationReport.About.Component] {
    choices.map { .init(kind: $0.kind.rawValue, choice: $0.value) }
  }
}
