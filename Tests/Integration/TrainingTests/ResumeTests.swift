import SentryPluginAPI
import Synchronization
import Testing
@testable import SentryRuntime
@testable import SentryTraining

@Suite struct ResumeTests {
  private static let files = [
    RunDirectory.history, RunDirectory.final, RunDirectory.best, RunDirectory.checkpoint(epoch: 2),
  ]

  private func expectSame(_ a: String, _ b: String, _ comment: Comment) throws {
    for file in Self.files { #expect(try bytes("\(a)/\(file)") == bytes("\(b)/\(file)"), "\(file), \(comment)") }
  }

  /// Three epochs of five training and three validation batches: 24 places to stop.
  @Test func aRunThatIsStoppedAnywhereEndsLikeOneThatIsNot() throws {
    let scratch = try Scratch()
    let whole = "\(scratch.path)/whole"
    let finished = try ToyRun(whole).run()
    #expect(finished.ending == .finished)
    let batches = 24
    for stop in 1...batches {
      let broken = "\(scratch.path)/broken-\(stop)"
      let first = try ToyRun(broken).run(cancelAfter: stop)
      // The last batch ends the run: there is nothing left to interrupt.
      #expect(first.ending == (stop == batches ? .finished : .interrupted), "stopped after \(stop)")
      #expect(first.exitCode == (stop == batches ? 0 : 130))
      let second = try ToyRun(broken).run(.resume)
      #expect(second == TrainingOutcome(finished, in: broken), "stopped after \(stop)")
      try expectSame(whole, broken, "stopped after \(stop)")
    }
  }

  @Test func aRunThatIsStoppedAgainAndAgainEndsLikeOneThatIsNot() throws {
    let scratch = try Scratch()
    let (whole, broken) = ("\(scratch.path)/whole", "\(scratch.path)/broken")
    for balanced in [false, true] {
      func make(_ path: String) -> ToyRun {
        var run = ToyRun(path)
        (run.options.balance, run.options.augmentation) = (balanced, .strong)
        return run
      }
      _ = try make(whole).run(balanced ? .overwrite : .new)
      var outcome = try make(broken).run(balanced ? .overwrite : .new, cancelAfter: 1)
      var sessions = 1
      // More than the three batches of a validation, which is repeated when it is interrupted.
      while outcome.ending == .interrupted, sessions < 100 {
        outcome = try make(broken).run(.resume, cancelAfter: 4)
        sessions += 1
      }
      #expect(outcome.ending == .finished)
      #expect(sessions > 5)
      try expectSame(whole, broken, "in \(sessions) sessions")
      #expect(try RunRecord.read(at: broken).sessions.count == sessions)
    }
  }

  @Test func theWorkersDoNotShowInTheResults() throws {
    let scratch = try Scratch()
    for workers in [0, 1, 4] {
      var run = ToyRun("\(scratch.path)/\(workers)")
      run.options.workers = workers
      _ = try run.run()
    }
    try expectSame("\(scratch.path)/0", "\(scratch.path)/1", "0 and 1 workers")
    try expectSame("\(scratch.path)/0", "\(scratch.path)/4", "0 and 4 workers")
  }

  @Test func anotherSeedGivesAnotherRun() throws {
    let scratch = try Scratch()
    var other = ToyRun("\(scratch.path)/b")
    other.options.seed = 8
    _ = try (ToyRun("\(scratch.path)/a").run(), other.run())
    #expect(try bytes("\(scratch.path)/a/\(RunDirectory.final)") != bytes("\(scratch.path)/b/\(RunDirectory.final)"))
  }

  @Test func aFinishedRunStaysAsItIs() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/run"
    let first = try ToyRun(path).run()
    let before = try bytes("\(path)/\(RunDirectory.final)")
    let run = ToyRun(path)
    #expect(try run.run(.resume) == first)
    #expect(try bytes("\(path)/\(RunDirectory.final)") == before)
    #expect(run.reporter.steps.withLock { $0.isEmpty })
  }

  @Test func theStateIsSavedInMidEpochAsTimePasses() throws {
    let scratch = try Scratch()
    let saves = Mutex(0)
    let time = Mutex(0.0)
    var run = ToyRun("\(scratch.path)/run", epochs: 1)
    run.options.stateSeconds = 300
    // Every look at the clock is worth 200 seconds.
    let clock: @Sendable () -> Double = {
      time.withLock { time in
        time += 200
        return time
      }
    }
    _ = try run.run(now: clock) { path in
      if path.hasSuffix("/current") { saves.withLock { $0 += 1 } }
    }
    #expect(saves.withLock { $0 } >= 3)
    run = ToyRun("\(scratch.path)/calm", epochs: 1)
    saves.withLock { $0 = 0 }
    _ = try run.run(now: { 0 }) { path in if path.hasSuffix("/current") { saves.withLock { $0 += 1 } } }
    #expect(saves.withLock { $0 } == 1)
  }

  @Test func otherSettingsAndOtherDataAreRefused() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/run"
    _ = try ToyRun(path).run(cancelAfter: 3)
    var run = ToyRun(path)
    run.options.batchSize = 4
    run.modelOptions = ["size": 7]
    expectError("run.batch-size; model was linear with other options") { _ = try run.run(.resume) }
    run = ToyRun(path)
    run.dataset.counts[.train] = 47
    expectError("the data have changed since the run began") { _ = try run.run(.resume) }
    // The same labels and another value.
    run = ToyRun(path)
    run.dataset.poison = [3: 0.5]
    expectError("the samples hold other values than when the run began") { _ = try run.run(.resume) }
    run = ToyRun(path)
    run.options.workers = 0
    #expect(try run.run(.resume).ending == .finished)
  }

  @Test func aRunStoppedBeforeItsFirstStateBeginsAgain() throws {
    let scratch = try Scratch()
    let (whole, broken) = ("\(scratch.path)/whole", "\(scratch.path)/broken")
    _ = try ToyRun(whole).run()
    struct Cut: Error {}
    #expect(throws: Cut.self) {
      _ = try ToyRun(broken).run(willWrite: { if $0.hasSuffix("history.json") { throw Cut() } })
    }
    let run = ToyRun(broken)
    #expect(try run.run(.resume).ending == .finished)
    #expect(run.reporter.notes.withLock { $0.contains("no state was saved yet: the run starts again") })
    try expectSame(whole, broken, "begun again")
  }

  @Test func metricsOfComponentsSurviveAnInterruption() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/run"
    _ = try ToyRun(path, epochs: 1).run(cancelAfter: 2, metrics: ["sharpness": 0.5])
    let run = ToyRun(path, epochs: 1)
    _ = try run.run(.resume, metrics: ["val_acc": 3])
    let history = try JSON.decode(History.self, from: text("\(path)/history.json"), what: "history")
    #expect(history.columns["sharpness"] == [0.5])
    #expect(history.columns["val_acc"] != [3])
    #expect(run.reporter.warnings.withLock { $0.contains { $0.contains("val_acc") } })
  }
}

extension TrainingOutcome {
  fileprivate init(_ other: TrainingOutcome, in directory: String) {
    self = other
    self.directory = directory
  }
}
