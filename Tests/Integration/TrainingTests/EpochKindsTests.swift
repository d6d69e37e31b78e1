import Foundation
import SentryFormats
import SentryPluginAPI
import SentryTestSupport
import Testing
@testable import SentryInference
@testable import SentryRuntime
@testable import SentryTraining

/// Epochs without a validation, and epochs with inputs of another size.
@Suite struct EpochKindsTests {
  private let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func rare(_ name: String, epochs: Int = 5) -> ToyRun {
    var run = ToyRun("\(scratch.path)/\(name)", epochs: epochs)
    run.options.validateEvery = 2
    return run
  }

  private func sized(_ name: String) throws -> ToyRun {
    var run = ToyRun("\(scratch.path)/\(name)", epochs: 4)
    run.options.sizeSchedule = try #require(SizeSchedule("12:2,9:2"))
    run.modelOptions = ["size": 9]
    return run
  }

  private func history(_ name: String) throws -> History {
    try JSON.decode(History.self, from: text("\(scratch.path)/\(name)/history.json"), what: "history")
  }

  private func expectSame(_ a: String, _ b: String, _ comment: Comment) throws {
    for file in [RunDirectory.history, RunDirectory.final, RunDirectory.best, RunDirectory.checkpoint(epoch: 2)] {
      #expect(try bytes("\(scratch.path)/\(a)/\(file)") == bytes("\(scratch.path)/\(b)/\(file)"), "\(file), \(comment)")
    }
  }

  @Test func epochsWithoutAValidationLeaveNulls() throws {
    var run = rare("run")
    run.writesReport = true
    let outcome = try run.run()
    #expect(outcome.ending == .finished && [2, 4, 5].contains(outcome.bestEpoch))
    let history = try history("run")
    for column in ["val_acc", "val_loss"] {
      #expect(history.columns[column]?.map { $0 == nil } == [true, false, true, false, false], "\(column)")
    }
    #expect(history.columns["train_loss"]?.contains { $0 == nil } == false)
    let validated = run.reporter.steps.withLock { Set($0.filter { $0.phase == .validation }.map(\.epoch)) }
    #expect(validated == [2, 4, 5])
    let lines = run.reporter.epochs.withLock { $0.map(RunText.epoch) }
    #expect(lines[0].contains("; val loss -, acc -; lr") && !lines[1].contains("val loss -"))
    #expect(try text("\(scratch.path)/run/\(ReportPage.name)").contains("–"))
    let summary = try RunSummary("\(scratch.path)/run")
    #expect(summary.bestEpoch == outcome.bestEpoch && summary.metrics["val_acc"] != nil)
    let checkpoint = try PyTorchFile.read("\(scratch.path)/run/checkpoint_epoch_2.pth")
    #expect(checkpoint["history"]?["val_acc"]?.elements?.map { $0.double == nil } == [true, false])
    guard PeerPython.interpreter != nil else { return }
    let board = try EventReading("\(scratch.path)/run/tensorboard")
    #expect(board.scalars["loss/validation"]?.map(\.step) == [2, 4, 5])
    #expect(board.scalars["loss/training"]?.map(\.step) == [1, 2, 3, 4, 5])
  }

  /// Before the first validation, the columns are there and empty; nothing is best.
  @Test func aRunThatWasNotValidatedYetIsWhole() throws {
    let run = rare("run")
    #expect(try run.run(cancelAfter: 7).ending == .interrupted)
    #expect(try history("run").columns["val_acc"] == [nil])
    let summary = try RunSummary("\(scratch.path)/run")
    #expect(summary.bestEpoch == nil && summary.metrics.isEmpty)
  }

  @Test func patienceCountsValidations() throws {
    var run = rare("run", epochs: 40)
    run.trainer = ToyTrainer(patience: 2)
    let outcome = try run.run()
    #expect(outcome.ending == .stoppedEarly("no progress"))
    #expect(try outcome.epochs == #require(outcome.bestEpoch) + 4)
  }

  @Test func rareValidationsGoOnAnywhere() throws {
    _ = try rare("whole", epochs: 3).run()
    // Two validations of three batches, three epochs of five.
    for stop in 1...20 {
      let first = try rare("broken", epochs: 3).run(stop == 1 ? .new : .overwrite, cancelAfter: stop)
      #expect(first.ending == .interrupted)
      _ = try rare("broken", epochs: 3).run(.resume)
      try expectSame("whole", "broken", "stopped after \(stop)")
    }
  }

  /// Two epochs of five batches are too few for 22 steps: six are enough.
  @Test func fewSamplesGetMoreEpochsAndAsManyValidations() throws {
    func make(_ name: String) -> ToyRun {
      var run = ToyRun("\(scratch.path)/\(name)", epochs: 2)
      (run.options.minSteps, run.options.checkpointEvery) = (22, 1)
      return run
    }
    let run = make("whole")
    #expect(try run.run().ending == .finished)
    #expect(try history("whole").columns["val_acc"]?.map { $0 == nil } == [true, true, false, true, true, false])
    #expect(try RunRecord.read(at: "\(scratch.path)/whole").plan.run.epochs == 6)
    #expect(run.reporter.notes.withLock { $0 }.contains { $0.contains("6 epochs in place of 2") })
    #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/whole/\(RunDirectory.checkpoint(epoch: 2))"))
    for stop in [3, 14, 18] {
      #expect(try make("broken").run(stop == 3 ? .new : .overwrite, cancelAfter: stop).ending == .interrupted)
      var again = make("broken")
      again.options = try RunRecord.read(at: "\(scratch.path)/broken").plan.run
      _ = try again.run(.resume)
      for file in [RunDirectory.history, RunDirectory.final, RunDirectory.best, RunDirectory.checkpoint(epoch: 3)] {
        #expect(
          try bytes("\(scratch.path)/whole/\(file)") == bytes("\(scratch.path)/broken/\(file)"), "\(file), \(stop)")
      }
    }
  }

  @Test func sizesChangeBetweenEpochs() throws {
    let run = try sized("run")
    let outcome = try run.run()
    #expect(outcome.ending == .finished && [3, 4].contains(outcome.bestEpoch))
    let history = try history("run")
    #expect(history.columns[History.size] == [12, 12, 9, 9])
    #expect(history.columns["val_acc"]?.contains { $0 == nil } == false)
    func sizes(_ file: String) throws -> [Int?] {
      let about = try PyTorchFile.read("\(scratch.path)/run/\(file)")["sentry"]
      return [about?["input"]?["shape"]?.elements?.first?.int, about?["model"]?["options"]?["size"]?.int]
    }
    #expect(try sizes("checkpoint_epoch_2.pth") == [12, 12])
    for file in [RunDirectory.best, RunDirectory.final] { #expect(try sizes(file) == [9, 9], "\(file)") }
    let notes = run.reporter.notes.withLock { $0 }
    #expect(notes.contains { $0.contains("12 in epochs 1 to 2, 9 in epochs 3 to 4") })
    #expect(notes.contains("inputs have the size 9 from epoch 3 on"))
    guard PeerPython.interpreter != nil else { return }
    let board = try EventReading("\(scratch.path)/run/tensorboard")
    #expect(board.scalars["metrics/input_size"]?.map(\.value) == [12, 12, 9, 9])
  }

  /// Anywhere, also between two sizes, with an average of the weights and a schedule that training rules.
  @Test(arguments: [false, true]) func sizesGoOnAnywhere(supervised: Bool) throws {
    func make(_ name: String) throws -> ToyRun {
      var run = try sized(name)
      guard supervised else { return run }
      run.makeTrainer = {
        try supervisedTrainer([
          "lr": 0.05, "schedule": "reduce-on-plateau", "plateau-patience": 0, "average-decay": 0.9,
        ])
      }
      return run
    }
    _ = try make("whole").run()
    for stop in [1, 5, 8, 12, 15, 16, 17, 20, 21, 24, 29, 31] {
      let first = try make("broken").run(stop == 1 ? .new : .overwrite, cancelAfter: stop)
      #expect(first.ending == .interrupted)
      _ = try make("broken").run(.resume)
      try expectSame("whole", "broken", "stopped after \(stop)")
    }
    var other = try make("workers")
    other.options.workers = 0
    _ = try other.run()
    try expectSame("whole", "workers", "without workers")
  }

  @Test func earlyStoppingBeginsWithTheLastSize() throws {
    var run = ToyRun("\(scratch.path)/run", epochs: 40)
    run.options.sizeSchedule = try #require(SizeSchedule("12:20,9:20"))
    run.modelOptions = ["size": 9]
    run.makeTrainer = { ToyTrainer(patience: 2) }
    let outcome = try run.run()
    #expect(try #require(outcome.bestEpoch) > 20 && outcome.ending == .stoppedEarly("no progress"))
    var other = try sized("run")
    other.options.epochs = 5
    expectError("has 4 epochs, but run.epochs is 5") { _ = try other.run(.overwrite) }
  }
}
