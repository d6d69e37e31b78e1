import SentryFormats
import SentryPluginAPI
import Testing
@testable import SentryRuntime
@testable import SentryTraining

/// Runs whose trainer keeps an average of the weights, over models that it reaches and over one on a device.
@Suite struct WeightAverageTests {
  enum Place: CaseIterable { case here, device }

  private let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func run(_ name: String, _ place: Place, decay: Double = 0.7, calibrates: Bool = false) throws -> ToyRun {
    var run = ToyRun("\(scratch.path)/\(name)")
    if calibrates { run.dataset.counts[.validation] = 240 }
    run.trainer = try supervisedTrainer(
      ["lr": 0.05, "average-decay": .number(decay), "calibrate": .bool(calibrates)])
    let (tasks, temperature) = (run.dataset.tasks, calibrates ? Float(3) : nil)
    run.model =
      switch place {
      case .here: ToyModel(tasks: tasks, temperature: temperature)
      case .device: RemoteToyModel(tasks: tasks, temperature: temperature)
      }
    return run
  }

  private func model(_ name: String, _ file: String) throws -> [String: [Float]] {
    let path = "\(scratch.path)/\(name)/\(file)"
    let state = try #require(try PyTorchFile.read(path)["model_state_dict"]).stateDict(file: path)
    return try Dictionary(
      uniqueKeysWithValues: state.filter { $0.tensor.dtype == .f32 }.map { ($0.name, try $0.tensor.floats()) })
  }

  /// Models that are written hold the average; the state that a run goes on from holds the trained values, and the average beside them.
  @Test(arguments: Place.allCases) func modelsHoldTheAverage(_ place: Place) throws {
    let run = try run("run", place)
    _ = try run.run()
    _ = try self.run("without", place, decay: 0).run()
    let saved = try #require(try StateStore(RunDirectory(path: "\(scratch.path)/run")).load())
    let (final, plain) = (try model("run", RunDirectory.final), try model("without", RunDirectory.final))
    for (name, tensor) in saved.model where tensor.dtype == .f32 {
      let trained = try tensor.floats()
      #expect(trained == plain[name], "the average changes nothing of the training: \(name)")
      #expect(trained != final[name], "\(name)")
      let average = try #require(saved.trainer.first { $0.name == "average/\(name)" }).tensor.floats()
      #expect(average == final[name], "\(name)")
    }
    let file = try PyTorchFile.read("\(scratch.path)/run/\(RunDirectory.final)")
    #expect(file["sentry"]?["weights"]?.string == "average")
    #expect(try PyTorchFile.read("\(scratch.path)/without/\(RunDirectory.final)")["sentry"]?["weights"] == nil)
    let slots = try #require(file["optimizer_state_dict"]?["state"]?.dictionary?[.int(0)]?.dictionary)
    #expect(slots[.string("exp_avg")] != nil && slots[.string("average")] == nil)
    #expect(run.reporter.notes.withLock { $0.contains { $0.contains("average of the weights") } })
  }

  @Test func theDevicesAverageIsThatOfTheCPU() throws {
    for place in Place.allCases { _ = try run("\(place)", place).run() }
    let (here, there) = (try model("here", RunDirectory.final), try model("device", RunDirectory.final))
    for (name, values) in here {
      for (a, b) in zip(values, try #require(there[name])) { #expect(abs(a - b) < 1e-5, "\(name)") }
    }
  }

  @Test(arguments: Place.allCases, [false, true])
  func aStoppedRunEndsWithTheBytesOfOneThatWasNot(_ place: Place, calibrates: Bool) throws {
    #expect(try run("whole", place, calibrates: calibrates).run().ending == .finished)
    // In steps, in validations, and in the calibration, if there is one.
    for stop in [1, 4, 6, 9, 17, 60] {
      let name = "broken-\(stop)"
      let ending = try run(name, place, calibrates: calibrates).run(cancelAfter: stop).ending
      if ending == .interrupted {
        #expect(try run(name, place, calibrates: calibrates).run(.resume).ending == .finished)
      }
      for file in [RunDirectory.final, RunDirectory.best, RunDirectory.history, RunDirectory.checkpoint(epoch: 2)] {
        #expect(
          try bytes("\(scratch.path)/whole/\(file)") == bytes("\(scratch.path)/\(name)/\(file)"),
          "\(file), stopped after \(stop)")
      }
    }
  }

  /// The average of a new run begins with the weights that the run begins with.
  @Test func aRunMayStartWithTheStateOfAnother() throws {
    _ = try run("first", .here).run()
    var next = try run("next", .here)
    next.options.initWeights = "\(scratch.path)/first/\(RunDirectory.final)"
    _ = try next.run()
    #expect(next.reporter.notes.withLock { $0.contains { $0.contains("tensors of its optimiser") } })
  }
}
