import SentryPluginAPI
import Testing
@testable import SentryCLI
@testable import SentryInference
@testable import SentryRuntime

@Suite struct EvaluationFigureTests {
  private static func report(tasks: [String], labels: [Int?]) -> EvaluationReport {
    let predictions = tasks.map { name in
      TaskPredictions(
        ClassificationTask(name, classes: ["a", "b"]), truth: labels, predicted: labels.map { $0 ?? 0 },
        probabilities: labels.flatMap { _ in [0.5, 0.5] })
    }
    var report = EvaluationReport(
      EvaluationResult(
        names: labels.map { _ in "s" }, split: .test, indices: Array(labels.indices), tasks: predictions, skipped: []),
      about: EvaluationReport.About(
        filePrefix: "p_", title: "", command: [], checkpoint: "", checkpointSHA256: "", components: [], split: .test,
        splitChoseModel: false, notes: [], bootstrapSamples: 0, seed: 0))
    var history = History()
    history.append(epoch: 1, ["val_acc": 50])
    report.history = history
    let thumbnail = ContactSheet.Thumbnail(width: 1, height: 1, pixels: [0, 0, 0])
    let tile = ContactSheet.Tile(thumbnail: thumbnail, truth: "a", predicted: "b", confidence: 1)
    report.tiles = tasks.map { _ in [tile] }
    return report
  }

  /// Whatever a report draws, `--overwrite` knows.
  @Test(arguments: [["t"], ["t", "u"]]) func everyPictureIsKnownAsOne(tasks: [String]) {
    let figures = Self.report(tasks: tasks, labels: [0, 1, nil]).figures
    #expect(figures.count == 2 + 5 * tasks.count)
    #expect(Set(figures.map(\.name)).count == figures.count)
    for figure in figures {
      #expect(
        EvaluationReport.isOwn("\(figure.name).png") && EvaluationReport.isOwn("\(figure.name).svg"), "\(figure.name)")
    }
    #expect(!EvaluationReport.isOwn("holiday.png") && !EvaluationReport.isOwn("roc_curves.txt"))
  }

  @Test func aTaskWithoutLabelsHasNoPicture() {
    #expect(Self.report(tasks: ["t"], labels: [nil, nil]).figures.map(\.name) == ["p_training_curves"])
  }

  /// With one class in truth there is no curve to draw.
  @Test func whatTheDataDoNotDefineIsNotDrawn() {
    let names = Self.report(tasks: ["t"], labels: [1, 1]).figures.map(\.name)
    #expect(names == ["p_confusion_matrix", "p_training_curves", "p_per_class_metrics", "p_reliability", "p_mistakes"])
  }

  @Test func headsThatLearnedNothingAreMarked() {
    var report = Self.report(tasks: ["t", "u"], labels: [0, 1])
    #expect(report.notes.isEmpty && !report.summary.contains("not trained"))
    var about = report.about
    about.untrainedTasks = ["u"]
    report = EvaluationReport(report.result, about: about)
    #expect(report.notes.count == 1 && report.notes[0].hasPrefix("'u' was not trained"))
    #expect(report.summary.contains("u (not trained)") && !report.summary.contains("t (not trained)"))
    #expect(Markup.summary(report.metrics, untrained: ["u"]).html.contains(">u (not trained)<"))
  }
}
