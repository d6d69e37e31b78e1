import SentryFormats
import SentryPluginAPI
import Synchronization
import Testing
@testable import SentryRuntime
@testable import SentryTraining

@Suite struct CalibrationTests {
  private let scratch: Scratch
  private var path: String { "\(scratch.path)/run" }
  init() throws { scratch = try Scratch() }

  private func run(_ path: String, epochs: Int = 4) -> ToyRun {
    var run = ToyRun(path, epochs: epochs)
    run.trainer = ToyTrainer(calibrates: true)
    run.temperature = 1.5
    return run
  }

  private func temperature(_ file: String) throws -> Float {
    let state = try #require(try PyTorchFile.read(file)["model_state_dict"]).stateDict(file: file)
    return try #require(state.first { $0.name == "temperature" }).tensor.floats()[0]
  }

  @Test func bestAndLastModelEachGetTheirTemperature() throws {
    let outcome = try run(path).run()
    let reports = try #require(try RunRecord.read(at: path).calibration)
    #expect(reports.keys.sorted() == ["best_model.pth", "final_model.pth"])
    for (name, report) in reports {
      let file = "\(path)/\(name)"
      let about = try #require(try PyTorchFile.read(file)["sentry"])
      #expect(about["calibration"].flatMap(JSONValue.init) == report, "\(name)")
      #expect(Double(try temperature(file)) == report["temperature"]?.doubleValue, "\(name)")
      #expect(report["before"]?.doubleValue == 1.5, "\(name): fitted from the training's temperature")
      let (fitted, judged) = (report["fitted_on"]?.intValue ?? 0, report["judged_on"]?.intValue ?? 0)
      #expect(fitted + judged == 17 && abs(fitted - judged) <= 3, "\(name)")
    }
    // The weights are those of the run that did not calibrate.
    let plain = "\(scratch.path)/plain"
    var other = run(plain)
    other.trainer = ToyTrainer()
    #expect(try other.run().bestEpoch == outcome.bestEpoch)
    #expect(try RunRecord.read(at: plain).calibration == nil)
    for name in ["best_model.pth", "final_model.pth"] {
      let (ours, theirs) = (
        try #require(try PyTorchFile.read("\(path)/\(name)")["model_state_dict"]).stateDict(file: name),
        try #require(try PyTorchFile.read("\(plain)/\(name)")["model_state_dict"]).stateDict(file: name)
      )
      #expect(ours.map(\.name) == theirs.map(\.name))
      for (a, b) in zip(ours, theirs) where a.name != "temperature" {
        #expect(try a.tensor.bytes() == b.tensor.bytes(), "\(name): \(a.name)")
      }
      #expect(try temperature("\(plain)/\(name)") == 1.5)
    }
  }

  @Test func itIsSaid() throws {
    let run = run(path)
    _ = try run.run()
    let notes = run.reporter.notes.withLock { $0 }
    #expect(notes.contains("best_model.pth: fitted") && notes.contains("final_model.pth: fitted"))
  }

  /// A best model that is not the last: the calibration puts the one in place and takes the other up again.
  private func earlyBest(_ path: String) -> ToyRun {
    var run = run(path, epochs: 5)
    run.trainer = ToyTrainer(patience: 2, calibrates: true)
    run.options.epochs = 12
    return run
  }

  private func expectSame(_ a: String, _ b: String, _ comment: Comment) throws {
    for file in ["best_model.pth", "final_model.pth", "history.json"] {
      #expect(try bytes("\(a)/\(file)") == bytes("\(b)/\(file)"), "\(file), \(comment)")
    }
    #expect(try RunRecord.read(at: a).calibration == RunRecord.read(at: b).calibration, comment)
  }

  @Test func cutOffAtAnyFileItEndsLikeTheRunThatWasNot() throws {
    struct Cut: Error {}
    let whole = "\(scratch.path)/whole"
    let writes = Mutex<[String]>([])
    let outcome = try earlyBest(whole).run(willWrite: { path in writes.withLock { $0.append(path) } })
    let best = try #require(outcome.bestEpoch)
    #expect(best < outcome.epochs, "the best model is to be another than the last")
    #expect(try temperature("\(whole)/best_model.pth") != temperature("\(whole)/final_model.pth"))
    let count = writes.withLock { $0.count }
    for cut in max(0, count - 8)..<count {
      let broken = "\(scratch.path)/cut-\(cut)"
      let done = Mutex(0)
      #expect(throws: Cut.self) {
        _ = try earlyBest(broken).run(willWrite: { _ in
          let number = done.withLock { done in
            defer { done += 1 }
            return done
          }
          if number == cut { throw Cut() }
        })
      }
      #expect(try earlyBest(broken).run(.resume).ending == outcome.ending)
      try expectSame(whole, broken, "cut at write \(cut)")
      // And once more, when there is nothing left to do.
      _ = try earlyBest(broken).run(.resume)
      try expectSame(whole, broken, "resumed again")
    }
  }

  @Test func interruptedInTheMiddleItGoesOn() throws {
    let whole = "\(scratch.path)/whole"
    let first = earlyBest(whole)
    let outcome = try first.run()
    let batches = first.reporter.steps.withLock { $0.count }
    // Two passes of three batches each over the validation samples end the run.
    for stop in (batches - 6)..<batches {
      let broken = "\(scratch.path)/stop-\(stop)"
      let interrupted = try earlyBest(broken).run(cancelAfter: stop)
      let resumed = try earlyBest(broken).run(.resume)
      #expect(interrupted.ending == .interrupted || interrupted.ending == outcome.ending, "stopped after \(stop)")
      #expect(resumed.ending == outcome.ending)
      try expectSame(whole, broken, "stopped after \(stop)")
    }
  }

  @Test func theHalvesKeepGroupsWholeAndAreTheSameEachTime() throws {
    func half(_ seed: UInt64, groups: Int?) throws -> Set<Int> {
      var run = run(path)
      (run.dataset.groupSize, run.options.seed) = (groups, seed)
      run.dataset.counts[.validation] = 40
      let components = try run.components()
      let partition = try DataPartition(of: components.dataset, options: run.options)
      return try CalibrationPass.fittingHalf(
        of: TrainingRun(run.plan, components, partition, RunDirectory(path: path), .process(ToyReporter())))
    }
    let plain = try half(1, groups: nil)
    #expect(abs(plain.count - 20) <= 2)
    #expect(try half(1, groups: nil) == plain)
    #expect(try half(2, groups: nil) != plain)
    let grouped = try half(1, groups: 4)
    #expect(!grouped.isEmpty && grouped.count < 40)
    for group in 0..<10 {
      let inside = (group * 4..<group * 4 + 4).count { grouped.contains($0) }
      #expect(inside == 0 || inside == 4, "group \(group)")
    }
    expectError("cannot be divided") { _ = try half(1, groups: 40) }
  }
}
