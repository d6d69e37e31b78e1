import SentryRuntime

/// What a run prints, as text.
package enum RunText {
  /// `epoch 3/20: train loss 1.2345, acc 45.67 %; val loss 1.3456, acc 44.12 %; lr 1.00e-04; 12.3 s, 890 samples/s; best`.
  /// The tests and people's scripts read this line: its form stays.
  package static func epoch(_ report: EpochReport) -> String {
    func side(_ name: String) -> String {
      let (loss, accuracy) = (report.values["\(name)_loss"], report.values["\(name)_acc"])
      return "\(name) loss \(loss.map { NumberText.fixed($0, 4) } ?? "-"), acc "
        + (accuracy.map { "\(NumberText.fixed($0, 2)) %" } ?? "-")
    }
    let tasks = tasks(report.tasks.map { TaskAccuracy(task: $0, percent: report.values["val_acc/\($0)"]) })
    let rate = report.values["lr"].map { NumberText.scientific($0, 2) } ?? "-"
    return "epoch \(report.epoch)/\(report.epochs): \(side("train")); \(side("val"))\(tasks); lr \(rate); "
      + "\(NumberText.fixed(report.seconds, 1)) s, \(NumberText.fixed(report.imagesPerSecond, 0)) samples/s"
      + (report.isBest ? "; best" : "")
  }

  /// The line that tells how a phase of an epoch goes; with a bar where `barWidth` has room for one.
  package static func step(_ report: StepReport, barWidth: Int = 0) -> String {
    let share = report.batches > 0 ? Double(report.batch) / Double(report.batches) : 1
    var parts = ["epoch \(report.epoch)/\(report.epochs)"]
    if report.phase == .validation { parts[0] += " validation" }
    if report.phase == .evaluation { parts[0] = "evaluation" }
    if barWidth >= 5 {
      let filled = min(barWidth, Int(share * Double(barWidth)))
      parts.append("[\(String(repeating: "=", count: filled))\(String(repeating: " ", count: barWidth - filled))]")
    }
    parts.append("\(NumberText.padded(NumberText.fixed(100 * share, 0), to: 3)) %")
    parts.append("ETA \(report.remaining.map(NumberText.duration) ?? "?")")
    parts.append("\(NumberText.fixed(report.imagesPerSecond, 0)) samples/s")
    if let loss = report.loss { parts.append("loss \(NumberText.fixed(loss, 4))") }
    if let accuracy = report.accuracy {
      parts.append("acc \(NumberText.fixed(accuracy, 2)) %\(tasks(report.tasks))")
    }
    return parts.joined(separator: "  ")
  }

  /// ` (one 91.2, other 88.0)`; nothing for a single task.
  private static func tasks(_ accuracies: [TaskAccuracy]) -> String {
    guard !accuracies.isEmpty else { return "" }
    return " ("
      + accuracies.map { "\($0.task) \($0.percent.map { NumberText.fixed($0, 1) } ?? "-")" }.joined(separator: ", ")
      + ")"
  }

  /// Samples per class by name: training before and after balancing, and validation.
  static func distribution(of task: DataSummary.Task, balanced: [Int]?, validation: DataSummary.Task) -> String {
    var rows = [
      [TerminalText.line("task \(task.name)"), "training"] + (balanced == nil ? [] : ["balanced"]) + ["validation"]
    ]
    func add(_ name: String, _ before: Int, _ after: Int?, _ validation: Int) {
      rows.append(
        [TerminalText.line(name), String(before)] + (balanced == nil ? [] : [String(after ?? 0)]) + [String(validation)]
      )
    }
    // Thousands of lines would push everything else off the screen.
    let shown = task.classes.count > 50 ? 20 : task.classes.count
    for (index, name) in task.classes.prefix(shown).enumerated() {
      add("  \(name)", task.counts[index], balanced?[index], validation.counts[index])
    }
    if shown < task.classes.count {
      func rest(_ counts: [Int]) -> Int { counts.dropFirst(shown).reduce(0, +) }
      add(
        "  (\(task.classes.count - shown) more classes)", rest(task.counts), balanced.map(rest), rest(validation.counts)
      )
    }
    if task.unlabelled > 0 || validation.unlabelled > 0 {
      add("  (unlabelled)", task.unlabelled, task.unlabelled, validation.unlabelled)
    }
    add(
      "  total", task.counts.reduce(task.unlabelled, +), balanced.map { $0.reduce(task.unlabelled, +) },
      validation.counts.reduce(validation.unlabelled, +))
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { NumberText.padded($1, to: widths[$0], left: $0 == 0) }.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  package static func summary(of outcome: TrainingOutcome) -> String {
    var lines: [String] = []
    if case .stoppedEarly(let reason) = outcome.ending {
      lines.append("stopped after epoch \(outcome.epochs): \(reason)")
    }
    if let epoch = outcome.bestEpoch, let accuracy = outcome.bestAccuracy {
      lines.append("best model: epoch \(epoch), with a validation accuracy of \(NumberText.fixed(accuracy, 2)) %")
    }
    if !outcome.skipped.isEmpty {
      lines.append(
        "skipped as unreadable: \(outcome.skipped.count), listed in \(outcome.directory)/\(RunDirectory.record)")
      lines += outcome.skipped.prefix(5).map { "  \($0.name)" }
    }
    lines.append("written:")
    lines += outcome.files.map { "  \(outcome.directory)/\($0)" }
    return lines.joined(separator: "\n")
  }
}

extension RunText {
  /// Who trains together.
  static func processes(of world: World) -> String {
    let share = "\(NumberText.counted(world.coreShare, "CPU core")) each"
    return "\(world.size) processes train together (\(world.engine ?? "")), \(share)"
      + (world.idleCores > 0
        ? "; the launcher keeps \(world.idleCores) of the cores of this machine from them (mpirun --bind-to none)" : "")
  }
}
