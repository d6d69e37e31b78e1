import CSentryPlugin
import Glibc
import SentryTestSupport
import Testing
@testable import SentryTraining
@testable import SentryInference
@testable import SentryPluginAPI
@testable import SentryRuntime

/// A model of several tasks from samples to files.
@Suite struct EvaluationReportTests {
  private let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private static let tasks = [
    ClassificationTask("colour", classes: ["red", "green", "blue"]),
    ClassificationTask("half", classes: ["left", "right"]),
    ClassificationTask("constant", classes: ["never", "always"]),
  ]

  private func result(
    _ dataset: ToyDataset, tasks: [ClassificationTask], cancelled: Bool = false
  ) throws -> EvaluationResult {
    let imported = try ImportedDataset(adopting: export(dataset))
    let pass = try EvaluationPass(
      of: AskedModel(try ImportedModel(adopting: export(ToyModel(tasks: tasks)))),
      over: SampleList(of: .validation, in: imported), in: imported, augmenter: nil, batchSize: 8, workers: 2)
    return try EvaluationResult(pass, tasks: tasks, dataset: "dataset 'toy'", isCancelled: { cancelled }) { _ in }
  }

  private func report(_ result: EvaluationResult) -> EvaluationReport {
    EvaluationReport(
      result,
      about: EvaluationReport.About(
        filePrefix: "toy_", title: "A toy", command: ["sentry", "evaluate"], checkpoint: "toy.pth",
        checkpointSHA256: "00", epoch: 3, components: [], split: .validation, splitChoseModel: true, notes: ["a note"],
        bootstrapSamples: 20, seed: 1))
  }

  private var severalTasks: ToyDataset {
    var dataset = ToyDataset()
    dataset.tasks = Self.tasks
    return dataset
  }

  @Test func severalTasksHaveKeysAndFilesOfTheirOwn() throws {
    let result = try result(severalTasks, tasks: Self.tasks)
    #expect(result.names.count == 17 && result.names[3] == "validation/3")
    var warnings: [PluginError] = []
    let names = try report(result).write(to: scratch.path) { warnings.append($0) }
    let text = try text("\(scratch.path)/toy_metrics.json")
    let metrics = try JSON.decode([String: JSONValue].self, from: text, what: "metrics")
    #expect(
      Set(metrics.keys) == [
        "overall_accuracy", "num_samples", "colour_accuracy", "colour_f1", "half_accuracy", "half_f1",
        "constant_accuracy", "constant_f1", "extended",
      ])
    let half = metrics["extended"]?["tasks"]?["half"]
    // Every other sample has no label there.
    #expect(half?["num_samples"]?.intValue == 8 && half?["missing_targets"]?.intValue == 9)
    let constant = metrics["extended"]?["tasks"]?["constant"]
    #expect(constant?["roc_auc"]?["never"] == .null && constant?["average_precision"]?["never"] == .null)
    let lines = try self.text("predictions.csv").split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 19 && lines[0].hasPrefix("sample,colour_true,colour_predicted,colour_p_red,"))
    if warnings.isEmpty {
      for name in ["toy_confusion_matrices", "toy_colour_roc_curves", "toy_half_reliability"] {
        #expect(names.contains("\(name).png") && names.contains("\(name).svg"), "\(name)")
      }
    } else {
      #expect(warnings.map(\.code) == [SENTRY_UNSUPPORTED])
    }
    #expect(names.allSatisfy(EvaluationReport.isOwn))
  }

  private func text(_ name: String) throws -> String {
    try #require(try SystemFile.text(name.hasPrefix("/") ? name : "\(scratch.path)/\(name)"))
  }

  @Test(.enabled(if: PeerPython.interpreter != nil, Comment(rawValue: PeerPython.missing)))
  func scikitLearnAgrees() throws {
    _ = try report(try result(severalTasks, tasks: Self.tasks))
      .write(to: scratch.path, gnuplot: Gnuplot(executable: "/nonexistent/gnuplot")) { _ in }
    let check = try MetricsCheck.run(scratch.path)
    #expect(check.isAgreement, "\(check.out)")
  }

  @Test func tasksAreMatchedByNameAndClasses() throws {
    // The dataset has the tasks in another order, and one more.
    var dataset = severalTasks
    dataset.tasks = [Self.tasks[2], Self.tasks[0], Self.tasks[1]]
    let swapped = try result(dataset, tasks: [Self.tasks[0], Self.tasks[1]])
    let direct = try result(severalTasks, tasks: [Self.tasks[0], Self.tasks[1]])
    for (left, right) in zip(swapped.tasks, direct.tasks) {
      #expect(left.truth == right.truth && left.probabilities == right.probabilities)
    }
    var other = ToyDataset()
    other.tasks = [ClassificationTask("colour", classes: ["green", "red", "blue"])]
    expectError("[green, red, blue] in dataset 'toy'", "[red, green, blue] in the model") {
      _ = try result(other, tasks: [Self.tasks[0]])
    }
    expectError("the model predicts the task 'half', but dataset 'toy' has only 'colour'") {
      _ = try result(ToyDataset(), tasks: [Self.tasks[1]])
    }
  }

  @Test func withoutSplitsOfItsOwnTheHoldOutOfTheRunIsEvaluated() throws {
    var toy = ToyDataset()
    toy.counts = [.train: 46]
    let dataset = try ImportedDataset(adopting: export(toy))
    var options = RunOptions(output: "")
    (options.seed, options.limit) = (7, 20)
    let split = try EvaluationPass.Samples(nil, of: dataset, title: "dataset 'toy'", isTrainings: true, run: options)
    options.limit = nil
    let partition = try DataPartition(of: dataset, options: options)
    #expect(split.split == .validation && split.samples == partition.validation)
    #expect(Set(split.samples.indices).isDisjoint(with: partition.train.indices))
    #expect(
      split.notes.contains { $0.contains("selected the model") } && split.notes.contains { $0.contains("held out") })
    for (isTrainings, run) in [(true, nil), (false, options)] as [(Bool, RunOptions?)] {
      expectError("dataset 'toy' has no test and no validation samples, only train (46)", "--split") {
        _ = try EvaluationPass.Samples(nil, of: dataset, title: "dataset 'toy'", isTrainings: isTrainings, run: run)
      }
    }
    let whole = try EvaluationPass.Samples(.train, of: dataset, title: "", isTrainings: true, run: nil)
    #expect(whole.samples.count == 46 && whole.notes.contains { $0.contains("was trained on this split") })
  }

  /// Who says of a validation split that it chose the model has to know that it did.
  @Test func onlyTheSamplesOfTheTrainingChoseTheModel() throws {
    let dataset = try ImportedDataset(adopting: export(ToyDataset()))
    let print = try String(SampleList(of: .validation, in: dataset).fingerprint(0), radix: 16)
    func split(_ isTrainings: Bool, _ chosenOn: String?) throws -> EvaluationPass.Samples {
      try EvaluationPass.Samples(
        .validation, of: dataset, title: "", isTrainings: isTrainings, run: nil, chosenOn: chosenOn)
    }
    #expect(try split(true, print).notes.first?.hasPrefix("The validation split selected the model") == true)
    #expect(try split(true, nil).notes.first?.hasPrefix("If these are the validation samples of the training") == true)
    for other in [try split(true, "1234"), try split(false, print)] {
      #expect(!other.choseModel && other.notes.isEmpty)
    }
  }

  @Test func theTestSplitComesFirst() throws {
    var toy = ToyDataset()
    toy.counts = [.train: 46, .validation: 17, .test: 9]
    let dataset = try ImportedDataset(adopting: export(toy))
    let split = try EvaluationPass.Samples(nil, of: dataset, title: "", isTrainings: true, run: nil)
    #expect(split.split == .test && split.samples.count == 9 && split.notes.isEmpty)
    let other = try EvaluationPass.Samples(.validation, of: dataset, title: "", isTrainings: false, run: nil)
    #expect(other.samples.count == 17 && other.notes.isEmpty)
  }

  @Test func theUserMayStopIt() throws {
    let error = #expect(throws: PluginError.self) {
      try result(severalTasks, tasks: Self.tasks, cancelled: true)
    }
    #expect(error?.code == SENTRY_CANCELLED)
  }

  /// A report that cannot be made leaves the run as it is, and says so.
  @Test func aRunWithoutGnuplotOrRoomForItsReportIsStillARun() throws {
    var run = ToyRun("\(scratch.path)/run", epochs: 1)
    run.writesReport = true
    let outcome = try run.run(willWrite: { path in
      if path.hasSuffix("report.html") { throw PluginError("the disk is full") }
    })
    #expect(outcome.ending == .finished)
    let warnings = run.reporter.warnings.withLock { $0 }
    #expect(warnings.contains { $0.contains("report.html was not written: the disk is full") }, "\(warnings)")
    #expect(!outcome.files.contains("report.html"))
  }

  @Test func aRunHasAReportOfItsBestModel() throws {
    var run = ToyRun("\(scratch.path)/run")
    run.writesReport = true
    let outcome = try run.run()
    #expect(outcome.files.contains("report.html"))
    let page = try text("\(scratch.path)/run/report.html")
    for piece in [
      "Run of recipe toy", "a toy",
      "validation data, which selected the model", "are likely to be lower", "red", "toys",
    ] {
      #expect(page.contains(piece), "\(piece)")
    }
    // What is measured anew is what the run had measured of its best epoch.
    let accuracy = NumberText.fixed(try #require(outcome.bestAccuracy), 2)
    #expect(page.contains("<td>\(accuracy) % ["), "\(accuracy)")
  }
}
