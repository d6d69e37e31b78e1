import SentryPluginAPI
import Testing
@testable import SentryCLI
@testable import SentryInference
@testable import SentryRuntime

@Suite struct EvaluationFigureTests {
  private static func report(tasks: [String], labels: [Int?], answers: [Int]? = nil) -> EvaluationReport {
    let predictions = tasks.map { name in
      TaskPredictions(
        ClassificationTask(name, classes: ["a", "b"]), truth: labels, predicted: answers ?? labels.map { $0 ?? 0 },
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

  /// The words are those of a comparison.
  @Test func oneAnswerToEverythingIsSaid() throws {
    let report = Self.report(tasks: ["t"], labels: [0, 1, 1, 1], answers: [0, 0, 0, 0])
    #expect(report.findings.count == 2 && report.notes == report.findings)
    #expect(
      report.findings[0].hasPrefix(
        "'t': the model answers 'a' to 100.00 % of the samples (it is the class of 25.00 %)"))
    #expect(report.findings[1].contains("25.00 % of the samples, which is below the share of the majority class: 'b'"))
    let json = MetricsFile.json(report.metrics, samples: 4, skipped: [], about: report.about, notes: report.notes)
    #expect(json["extended"]?["notes"]?.arrayValue?.count == 2)
    // Where the samples are of one class, or the answers right, there is nothing to say.
    #expect(Self.report(tasks: ["t"], labels: [0, 0], answers: [1, 1]).findings.isEmpty)
    #expect(Self.report(tasks: ["t"], labels: [0, 1, 1, 1]).findings.isEmpty)
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
