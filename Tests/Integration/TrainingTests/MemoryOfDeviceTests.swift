import CSentryPlugin
import SentryFormats
import SentryPluginAPI
import Testing
@testable import SentryRuntime
@testable import SentryTraining

/// Memory is planned where the model computes, and what runs out of it all the same goes on in smaller parts.
@Suite struct MemoryOfDeviceTests {
  private let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func run(_ name: String, _ model: SmallToyModel) throws -> ToyRun {
    var run = ToyRun("\(scratch.path)/\(name)", epochs: 2)
    run.trainer = try supervisedTrainer(["lr": 0.05])
    run.model = model
    return run
  }
  private func model(_ change: (SmallToyModel) -> Void = { _ in }) -> SmallToyModel {
    let model = SmallToyModel(tasks: ToyDataset().tasks)
    change(model)
    return model
  }
  private func weights(_ name: String) throws -> [[Float]] {
    let file = try PyTorchFile.read("\(scratch.path)/\(name)/\(RunDirectory.final)")
    return try #require(file["model_state_dict"]).stateDict(file: name).filter { $0.tensor.dtype == .f32 }
      .map { try $0.tensor.floats() }
  }

  @Test func aBatchIsSplitByTheMemoryOfTheDevice() throws {
    let model = model { $0.availableBytes = 3500 }
    let run = try run("run", model)
    _ = try run.run()
    #expect(Set(model.rows).isSubset(of: [2, 3, 1]) && model.rows.max() == 3)
    let memory = try RunRecord.read(at: run.options.output).memory
    #expect(memory?.isOfDevice == true && memory?.availableBytes == 3500 && memory?.batchBytes == 8000)
    // Nothing of the host's memory is in it.
    #expect(memory?.microBatch == 3 && memory?.microBatchBytes == 3000)
    #expect(run.reporter.warnings.withLock { $0.contains { $0.contains("goes through the model in 3 parts") } })
  }

  /// A device that is small leaves the cache of samples what the system has.
  @Test func theCacheGoesByTheSystemsMemory() throws {
    let components = try run("run", model { $0.availableBytes = 3500 }).components()
    let run = try run("run", model())
    let planner = MemoryPlanner(
      plan: run.plan, components: components, input: .init(.float32, [ToyDataset.features]), reporter: run.reporter,
      batchSize: 8, processes: 1)
    let plan = try #require(try planner.memoryPlan(resuming: false))
    let left = try #require(try planner.bytesLeft(by: plan))
    #expect(left > 10_000_000)
  }

  @Test func whatDoesNotFitGoesOnInParts() throws {
    let model = model { $0.mostRows = 2 }
    let run = try run("run", model)
    #expect(try run.run().ending == .finished)
    #expect(model.rows.prefix(4) == [8, 4, 2, 2] && model.updates.count == 10)
    #expect(
      run.reporter.warnings.withLock { $0.map { $0.prefix(39) }.filter { $0.hasPrefix("memory ran out") } } == [
        "memory ran out with 8 samples at once (", "memory ran out with 4 samples at once (",
      ])
    #expect(try RunRecord.read(at: run.options.output).plan.run.microBatch == 2)
    var asked = try self.run("asked", self.model())
    asked.options.microBatch = 2
    _ = try asked.run()
    #expect(try weights("run") == weights("asked"))
  }

  /// Validation alone runs out: what trains is as it was, and what validation finds, too.
  @Test(arguments: [true, false]) func validationGoesOnInPartsOfItsOwn(trainerSplits: Bool) throws {
    let (small, whole) = (model { $0.mostRowsAsked = 3 }, model())
    var (run, reference) = (try self.run("run", small), try self.run("reference", whole))
    if !trainerSplits {
      run.trainer = WholeBatchTrainer(inner: try #require(run.trainer as? any TaskLossTrainer))
      reference.trainer = WholeBatchTrainer(inner: try #require(reference.trainer as? any TaskLossTrainer))
    }
    #expect(try run.run().ending == .finished)
    _ = try reference.run()
    #expect(try RunRecord.read(at: run.options.output).plan.run.microBatch == nil)
    #expect(try weights("run") == weights("reference"))
    #expect(small.rows.contains(8) && small.rows.contains(2))
    #expect(
      run.reporter.warnings.withLock { $0.filter { $0.hasPrefix("memory ran out") } } == [
        "memory ran out with 8 samples at once (the card is full); from now on at most 4 go through the model at once",
        "memory ran out with 4 samples at once (the card is full); from now on at most 2 go through the model at once",
      ])
    let (found, expected) = (run.reporter.epochs.withLock { $0 }, reference.reporter.epochs.withLock { $0 })
    try #require(found.count == expected.count)
    for (a, b) in zip(found, expected) {
      for (name, value) in a.values where name.hasPrefix("val") {
        #expect(abs(value - (b.values[name] ?? .infinity)) < 1e-9, "\(name)")
      }
    }
  }

  /// The first part's gradients are there when the second fails; in smaller parts nothing of them counts.
  @Test func gradientsOfAFailedStepDoNotCount() throws {
    let broken = model { $0.failing = [2] }
    var run = try run("run", broken)
    run.options.microBatch = 4
    _ = try run.run()
    #expect(broken.rows.prefix(6) == [4, 4, 2, 2, 2, 2])
    var reference = try self.run("reference", model())
    reference.options.microBatch = 2
    _ = try reference.run()
    #expect(try weights("run") == weights("reference"))
  }

  @Test func anUpdateThatFailedWasNone() throws {
    let broken = model { $0.failingUpdates = [3] }
    _ = try run("run", broken).run()
    #expect(broken.updates.compactMap { $0["step"]?.intValue } == Array(1...10))
    #expect(broken.rows.contains(4))
  }

  @Test func aRunThatWasSplitIsResumedInParts() throws {
    let whole = model { $0.mostRows = 4 }
    _ = try run("whole", whole).run()
    _ = try run("broken", model { $0.mostRows = 4 }).run(cancelAfter: 3)
    let next = model { $0.mostRows = 4 }
    // `--resume` takes the settings from run.json, where the parts stand since the batch was split.
    var resumed = try run("broken", next)
    resumed.options.microBatch = try RunRecord.read(at: resumed.options.output).plan.run.microBatch
    _ = try resumed.run(.resume)
    #expect(next.rows.max() == 4)
    #expect(try weights("whole") == weights("broken"))
  }

  @Test func aSingleSampleThatDoesNotFitIsAnError() throws {
    let run = try run("run", model { $0.mostRows = 0 })
    expectError("memory ran out with a single sample: the card is full") { _ = try run.run() }
  }

  @Test func aTrainerThatCannotSplitIsAnError() throws {
    var run = try run("run", model { $0.mostRows = 4 })
    run.trainer = ToyTrainer()
    expectError("trainer 'sgd' cannot split a batch", "the card is full") { _ = try run.run() }
  }
}
