import SentryPluginAPI
import Testing
@testable import SentryRuntime
@testable import SentryTraining

@Suite struct FailureTests {
  private let scratch: Scratch
  private var path: String { "\(scratch.path)/run" }
  init() throws { scratch = try Scratch() }

  @Test(arguments: [Float.nan, .infinity]) func aLossThatIsNoNumberStopsTheRunAndSparesTheState(value: Float) throws {
    var run = ToyRun(path)
    run.augmenter = nil
    run.options.stateSeconds = 0
    // One more than the last, incomplete batch can hide.
    run.dataset.poison = Dictionary(uniqueKeysWithValues: (0..<7).map { ($0, value) })
    expectError("the loss is NaN in epoch 1, batch", "diverged", "learning rate") { _ = try run.run() }
    #expect(try RunRecord.read(at: path).sessions.last?.outcome?.contains("diverged") == true)
    if let saved = try StateStore(RunDirectory(path: path)).load() {
      for (name, tensor) in saved.model where tensor.dtype == .f32 {
        #expect(try tensor.floats().allSatisfy { $0.isFinite }, "\(name)")
      }
    }
  }

  @Test func unreadableSamplesStopTheRunUnlessSomeMayBeSkipped() throws {
    var run = ToyRun(path)
    run.dataset.unreadable = [3, 20]
    expectError("train/", "damaged", "--skip-bad") { _ = try run.run() }
    run.options.skipBad = 1
    expectError("more samples are unreadable than --skip-bad 1 allows") { _ = try run.run(.overwrite) }
    run.options.skipBad = 2
    let outcome = try run.run(.overwrite)
    #expect(outcome.skipped.map(\.index).sorted() == [3, 20])
    #expect(try RunRecord.read(at: path).skipped == outcome.skipped)
    #expect(run.reporter.notes.withLock { $0.last?.contains("skipped as unreadable: 2") } == true)
    #expect(
      run.reporter.warnings.withLock { $0.filter { $0.hasPrefix("skipped: ") && $0.contains("train/") }.count } == 2 + 1
    )
  }

  @Test func skippingIsTheSameWhenResumedAndForAnyWorkers() throws {
    var run = ToyRun(path)
    run.dataset.unreadable = [3, 20, 21]
    run.options.skipBad = 3
    let whole = try run.run()
    for workers in [0, 4] {
      var other = run
      other.options.output = "\(scratch.path)/\(workers)"
      other.options.workers = workers
      other.reporter = ToyReporter()
      _ = try other.run(cancelAfter: 4)
      other.reporter = ToyReporter()
      #expect(try other.run(.resume).skipped == whole.skipped)
      #expect(try bytes("\(other.options.output)/final_model.pth") == bytes("\(path)/final_model.pth"))
    }
  }

  @Test func aMisfitIsToldWithBothSides() throws {
    var run = ToyRun(path)
    run.augmenter = ToyAugmenter(outputSize: 5)
    expectError("of train: the augmenter", "it gave float32 [5], but describes its outputs as float32 [6]") {
      _ = try run.run()
    }
  }

  @Test func impossibleOptionsAreRefused() throws {
    for change: (inout RunOptions) -> Void in [
      { $0.epochs = 0 }, { $0.batchSize = 0 }, { $0.batchSize = 47 }, { $0.workers = -1 }, { $0.skipBad = -1 },
      { $0.checkpointEvery = -1 }, { $0.stateSeconds = -1 }, { $0.limit = 0 }, { $0.targetSamples = 4 },
    ] {
      var run = ToyRun(path)
      change(&run.options)
      #expect(throws: PluginError.self) { _ = try run.run() }
      #expect(try SystemFile.names(in: path) == nil)
    }
  }

  @Test func nothingToLearnIsAnError() throws {
    var run = ToyRun(path)
    run.dataset.pattern = [1]
    expectError("there is nothing to learn") { _ = try run.run() }
  }

  @Test func aConstantTaskIsNamedAndLeftOutOfTheMean() throws {
    var run = ToyRun(path)
    run.dataset.tasks += [
      ClassificationTask("constant", classes: ["a", "b"]), ClassificationTask("half", classes: ["x", "y"]),
    ]
    _ = try run.run()
    #expect(run.reporter.warnings.withLock { $0.contains { $0.contains("'constant'") } })
    let history = try JSON.decode(History.self, from: text("\(path)/history.json"), what: "history")
    for epoch in 0..<3 {
      func value(_ key: String) throws -> Double { try #require(history.columns[key]?[epoch] ?? nil) }
      #expect(try value("val_acc/constant") == 100 || epoch == 0)
      #expect(try value("val_acc") == (value("val_acc/colour") + value("val_acc/half")) / 2)
      #expect(try value("train_acc") == (value("train_acc/colour") + value("train_acc/half")) / 2)
      #expect(try value("train_acc/constant") <= 100)
    }
    #expect(try RunRecord.read(at: path).data.constantTasks == ["constant"])
    let lines = run.reporter.epochs.withLock { $0.map(RunText.epoch) }
    #expect(lines.last?.contains(" % (colour ") == true && lines.last?.contains(", half ") == true)
    #expect(run.reporter.steps.withLock { $0.last?.tasks.map(\.task) } == ["colour", "constant", "half"])
  }

  @Test func theTrainerMayEndTheRun() throws {
    var run = ToyRun(path, epochs: 40)
    run.trainer = ToyTrainer(patience: 2)
    let outcome = try run.run()
    #expect(outcome.ending == .stoppedEarly("no progress"))
    #expect(outcome.epochs < 40)
    let best = try #require(outcome.bestEpoch)
    #expect(outcome.epochs == best + 2)
    #expect(
      run.reporter.notes.withLock { $0.last?.hasPrefix("stopped after epoch \(outcome.epochs): no progress") } == true)
    let again = try ToyRun(path, epochs: 40).run(.resume)
    #expect(again == outcome)
  }
}
