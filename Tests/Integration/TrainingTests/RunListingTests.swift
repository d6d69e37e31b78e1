import SentryFormats
import SentryPluginAPI
import Testing
@testable import SentryTraining
@testable import SentryInference
@testable import SentryRuntime

@Suite struct RunListingTests {
  private let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func run(_ name: String, seed: UInt64 = 7, change: (inout ToyRun) -> Void = { _ in }) throws -> RunSummary {
    let path = "\(scratch.path)/\(name)"
    var run = ToyRun(path)
    run.options.seed = seed
    change(&run)
    _ = try run.run()
    return try RunSummary(path)
  }

  @Test func aFinishedRunSaysWhatCameOfIt() throws {
    let path = "\(scratch.path)/run"
    let outcome = try ToyRun(path).run()
    let summary = try RunSummary(path)
    #expect(summary.state == .finished && summary.progress == "3/3")
    #expect(summary.bestEpoch == outcome.bestEpoch)
    #expect(summary.metrics["val_acc"] == outcome.bestAccuracy)
    #expect(summary.tasks.isEmpty)
    let timing = summary.timing
    let images = zip(timing.imagesPerSecond, timing.seconds).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(summary.imagesPerSecond == images / timing.seconds.reduce(0, +))
    #expect(summary.peakMemoryBytes == timing.peakMemoryBytes.max())
    #expect(summary.record.data.validation.fingerprint?.isEmpty == false)
  }

  /// The trainer's judgement counts, not the highest accuracy.
  @Test func theBestEpochIsTheTrainers() throws {
    let path = "\(scratch.path)/run"
    _ = try ToyRun(path).run()
    var record = try RunRecord.read(at: path)
    record.best = .init(epoch: 1, accuracy: 0)
    try RunDirectory(path: path).write(record, to: RunDirectory.record)
    #expect(try RunSummary(path).bestEpoch == 1)
    record.best = nil
    try RunDirectory(path: path).write(record, to: RunDirectory.record)
    #expect(try RunSummary(path).bestEpoch == RunSummary(path).history.bestEpoch)
  }

  @Test func everyWayToEnd() throws {
    let path = "\(scratch.path)/run"
    func state() throws -> (RunSummary.State, String) {
      let summary = try RunSummary(path)
      return (summary.state, summary.progress)
    }
    _ = try ToyRun(path).run(cancelAfter: 10)
    #expect(try state() == (.interrupted, "1/3, interrupted"))
    expectError("no space") {
      _ = try ToyRun(path).run(
        .resume,
        willWrite: { if $0.hasSuffix("history.json") { throw PluginError("no space") } })
    }
    #expect(try state() == (.failed, "1/3, failed"))
    // As a kill leaves it, and as it is while a process is at work.
    var record = try RunRecord.read(at: path)
    record.startSession()
    try RunDirectory(path: path).write(record, to: RunDirectory.record)
    #expect(try state() == (.killed, "1/3, killed"))
    do {
      let lock = try RunLock(path)
      #expect(try state() == (.running, "1/3, running"))
      withExtendedLifetime(lock) {}
    }
    var early = ToyRun(path, epochs: 50)
    early.trainer = ToyTrainer(patience: 1)
    let outcome = try early.run(.overwrite)
    #expect(try state() == (.stoppedEarly, "\(outcome.epochs)/50, stopped early"))
  }

  @Test func whatIsSoughtIsFound() throws {
    let root = scratch.path
    for name in ["b", "a/deep", "a/deeper/still", "half"] { _ = try ToyRun("\(root)/\(name)", epochs: 1).run() }
    try AtomicFile.write("{", to: "\(root)/half/run.json")
    try SystemFile.makeFolder("\(root)/.hidden")
    let search = try RunSearch([root, "\(root)/b/"])
    #expect(search.runs.map(\.directory) == ["a/deep", "a/deeper/still", "b"].map { "\(root)/\($0)" })
    #expect(search.broken.map(\.directory) == ["\(root)/half"])
    #expect(search.broken.allSatisfy { !$0.named && $0.reason.contains("run.json") })
    #expect(try RunSearch(["\(root)/half"]).broken.first?.named == true)
    for (name, contents, reason) in [
      ("history.json", "{\"epoch\": [1, 2], \"val_acc\": [3]}", "the columns differ in length"),
      ("timing.json", "{\"epoch\": [1]}", "timing.json"), ("history.json", "[]", "history.json"),
    ] {
      let whole = try text("\(root)/b/\(name)")
      try AtomicFile.write(contents, to: "\(root)/b/\(name)")
      let broken = try #require(try RunSearch(["\(root)/b"]).broken.first)
      #expect(broken.reason.contains(reason), "\(broken.reason)")
      try AtomicFile.write(whole, to: "\(root)/b/\(name)")
    }
    // A run without a record is one no longer; a folder without runs is none.
    try SystemFile.removeFile("\(root)/half/run.json")
    #expect(try RunSearch([root]).broken.first?.reason.contains("does not exist") == true)
    #expect(try RunSearch(["\(root)/b/state"]).broken.first?.reason == "there is no run in it")
    expectError("gone does not exist") { _ = try RunSearch(["\(root)/gone"]) }
  }

  @Test func runsOfTheSameSamplesAreComparable() throws {
    let runs = [try run("a"), try run("b", seed: 8) { $0.options.batchSize = 4 }]
    let comparison = RunComparison(runs)
    #expect(comparison.isComparable && comparison.obstacles.isEmpty)
    #expect(comparison.remarks.contains { $0.contains("the seeds differ (7; 8)") })
    #expect(comparison.options.map(\.name) == ["run.batch-size", "run.seed"])
    #expect(comparison.options.first?.values == ["8", "4"])
    #expect(comparison.labels == ["a", "b"])
  }

  @Test func runsOfOtherSamplesAreNot() throws {
    let whole = try run("whole")
    func obstacles(_ name: String, seed: UInt64 = 7, _ change: (inout ToyRun) -> Void) throws -> String {
      RunComparison([whole, try run(name, seed: seed, change: change)]).obstacles.joined(separator: "\n")
    }
    let limited = try obstacles("limited") { $0.options.limit = 30 }
    #expect(limited.contains("training samples differ: 46; 30") && limited.contains("--limit differs: none; 30"))
    #expect(try obstacles("moved") { $0.options.data = "/elsewhere" } == "the data differ: none; /elsewhere")
    let classes = try obstacles("classes") {
      $0.dataset.tasks = [ClassificationTask("colour", classes: ["red", "green", "azure"])]
    }
    #expect(classes.contains("tasks or classes differ"))
    // Without a validation split, the seed draws the one that is held out.
    func heldOut(_ run: inout ToyRun) { run.dataset.counts[.validation] = 0 }
    let first = try run("held-out") { heldOut(&$0) }
    let second = try run("held-out-otherwise", seed: 8) { heldOut(&$0) }
    let found = RunComparison([first, second]).obstacles
    #expect(
      found.contains { $0.hasPrefix("the validation samples differ") } && found.contains("the seeds differ: 7; 8"))
    #expect(RunComparison([first, first]).isComparable)
  }

  @Test func namesAreAsLongAsTheyMustBe() {
    #expect(RunComparison.labels(["x/a", "y/b"]) == ["a", "b"])
    #expect(RunComparison.labels(["m/x/a", "m/y/a"]) == ["x/a", "y/a"])
    #expect(RunComparison.labels(["a", "x/a"]) == ["a", "x/a"])
    #expect(RunComparison.labels([".", "a"]) == [".", "a"])
  }

  @Test func severalTasksHaveColumnsOfTheirOwn() throws {
    let two = try run("two") {
      $0.dataset.tasks.append(ClassificationTask("half", classes: ["a", "b"]))
    }
    #expect(two.tasks == ["colour", "half"])
    let one = try run("one")
    let lines = RunTable.text([two, one]).split(separator: "\n")
    #expect(lines.count == 3 && lines[0].contains("colour %  half %"))
    let csv = RunTable.csv([two, one]).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(csv.count == 3 && csv.allSatisfy { $0.count == csv[0].count })
    let column = try #require(csv[0].firstIndex(of: "val_acc/half"))
    #expect(Double(csv[1][column]) == two.metrics["val_acc/half"] && csv[2][column].isEmpty)
  }

  /// A record of a program that did not have an option yet.
  @Test func olderRecordsAreRead() throws {
    let path = "\(scratch.path)/run"
    _ = try ToyRun(path).run()
    let old = try text("\(path)/run.json").replacing(#/ +"tensorboard" : true,?\n/#, with: "")
      .replacing(#/ +"fingerprint" : "[0-9a-f]+",?\n/#, with: "").replacing(#/ +"best" : \{[^}]*\},\n/#, with: "")
    #expect(!old.contains("tensorboard") && !old.contains("fingerprint"))
    try AtomicFile.write(old, to: "\(path)/run.json")
    let record = try RunRecord.read(at: path)
    #expect(record.plan.run.tensorboard && record.plan.run.seed == 7 && record.plan.run.valFraction == 0.2)
    #expect(record.best == nil && record.data.train.fingerprint == nil)
    #expect(try ToyRun(path).run(.resume).ending == .finished)
  }
}
