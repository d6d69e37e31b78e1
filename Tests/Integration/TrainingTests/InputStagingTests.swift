import SentryPluginAPI
import Testing
@testable import SentryRuntime
@testable import SentryTraining

/// Batches go early into the memory of a model that offers some, and the run stays what it is without.
@Suite struct InputStagingTests {
  private let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func run(
    _ name: String, model: (any Model)? = nil, workers: Int = 2, _ change: (inout ToyRun) -> Void = { _ in }
  ) throws -> ToyRun {
    var run = ToyRun("\(scratch.path)/\(name)")
    run.options.workers = workers
    run.trainer = try supervisedTrainer(["lr": 0.05])
    run.model = model ?? RemoteToyModel(tasks: run.dataset.tasks)
    change(&run)
    return run
  }

  private func expectSame(_ a: String, _ b: String) throws {
    for file in [RunDirectory.final, RunDirectory.best, RunDirectory.history] {
      #expect(try bytes("\(scratch.path)/\(a)/\(file)") == bytes("\(scratch.path)/\(b)/\(file)"), "\(file) of \(b)")
    }
  }

  @Test(arguments: [0, 1, 4]) func theBytesAreThoseOfARunWithout(workers: Int) throws {
    let model = StagingToyModel(tasks: ToyDataset().tasks)
    _ = try (run("plain").run(), run("staged", model: model, workers: workers).run())
    try expectSame("plain", "staged")
    // Three epochs of five training and three validation batches.
    #expect(model.staged == 24 && model.taken.hinted == 24 && model.taken.plain == 0)
    #expect(model.lentEver.load(ordering: .relaxed) == (workers == 0 ? 1 : Loader.depth), "memory outlives the epoch")
    #expect(model.lentNow == 0)
    if workers == 0 { #expect(model.early == 0) }
  }

  /// Some batches have no label, so no pass takes them; some samples are missing; runs stop and go on.
  @Test func whateverComesBetween() throws {
    let change: (inout ToyRun) -> Void = {
      $0.dataset.tasks = [ClassificationTask("half", classes: ["red", "green", "blue"])]
      $0.dataset.unreadable = [3, 20, 21]
      ($0.options.skipBad, $0.options.batchSize) = (3, 2)
      $0.dataset.counts[.validation] = 18
    }
    let tasks = [ClassificationTask("half", classes: ["red", "green", "blue"])]
    _ = try run("plain", model: RemoteToyModel(tasks: tasks), change).run()
    let model = StagingToyModel(tasks: tasks)
    _ = try run("staged", model: model, change).run()
    try expectSame("plain", "staged")
    #expect(model.taken.plain == 0 && model.taken.hinted > 60)
    for stop in [1, 11, 27] {
      let first = try run("broken-\(stop)", model: StagingToyModel(tasks: tasks), change).run(cancelAfter: stop)
      #expect(first.ending == .interrupted)
      _ = try run("broken-\(stop)", model: StagingToyModel(tasks: tasks), change).run(.resume)
      try expectSame("plain", "broken-\(stop)")
    }
  }

  /// What goes through the model in parts is not announced as a whole.
  @Test func partsAreNotStaged() throws {
    let change: (inout ToyRun) -> Void = { $0.options.microBatch = 3 }
    let model = StagingToyModel(tasks: ToyDataset().tasks)
    _ = try (run("plain", change).run(), run("staged", model: model, change).run())
    try expectSame("plain", "staged")
    // Only the last batch of each validation is as small as a part.
    #expect(model.staged == 3 && model.taken.hinted == 3)
  }
}
