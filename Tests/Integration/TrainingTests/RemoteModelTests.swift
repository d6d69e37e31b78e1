import SentryFormats
import SentryPluginAPI
import Testing
@testable import SentryRuntime
@testable import SentryTraining

/// Runs of a model whose parameters are on a device that this process cannot read.
@Suite struct RemoteModelTests {
  private let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func run(_ name: String, _ optimizer: String, model: RemoteToyModel? = nil) throws -> ToyRun {
    var run = ToyRun("\(scratch.path)/\(name)")
    run.trainer = try supervisedTrainer(["optimizer": .string(optimizer), "lr": 0.05])
    run.model = model ?? RemoteToyModel(tasks: run.dataset.tasks)
    return run
  }

  @Test(arguments: ["adamw", "sgd"]) func aStoppedRunEndsWithTheBytesOfOneThatWasNot(optimizer: String) throws {
    let finished = try run("whole", optimizer).run()
    #expect(finished.ending == .finished)
    for stop in [1, 4, 9, 17] {
      let name = "broken-\(stop)"
      #expect(try run(name, optimizer).run(cancelAfter: stop).ending == .interrupted)
      #expect(try run(name, optimizer).run(.resume).ending == .finished)
      for file in [RunDirectory.final, RunDirectory.best, RunDirectory.history, RunDirectory.checkpoint(epoch: 2)] {
        #expect(
          try bytes("\(scratch.path)/whole/\(file)") == bytes("\(scratch.path)/\(name)/\(file)"),
          "\(file), stopped after \(stop)")
      }
    }
  }

  @Test(arguments: ["adamw", "sgd"]) func checkpointsHoldTheOptimisersState(optimizer: String) throws {
    let model = RemoteToyModel(tasks: ToyDataset().tasks)
    _ = try run("run", optimizer, model: model).run()
    let path = "\(scratch.path)/run/\(RunDirectory.final)"
    let state = try #require(try PyTorchFile.read(path)["optimizer_state_dict"]?["state"]?.dictionary)
    let slots = optimizer == "adamw" ? ["exp_avg", "exp_avg_sq", "step"] : ["momentum_buffer"]
    let weight = try #require(state[.int(0)]?.dictionary)
    #expect(weight.keys.compactMap { if case .string(let name) = $0 { name } else { nil } }.sorted() == slots)
    let kept = try #require(weight[.string(slots[0])]?.tensor).floats()
    let own = Tensor([3, ToyDataset.features])
    try model.transfer("\(slots[0])/colour.weight", own, write: false)
    #expect(try kept == own.array(of: Float.self) && kept.contains { $0 != 0 })
    if optimizer == "adamw" { #expect(try weight[.string("step")]?.tensor?.floats() == [15]) }
  }

  @Test(arguments: ["adamw", "sgd"]) func aRunMayStartWithTheStateOfAnother(optimizer: String) throws {
    let first = RemoteToyModel(tasks: ToyDataset().tasks)
    _ = try run("first", optimizer, model: first).run()
    let model = RemoteToyModel(tasks: ToyDataset().tasks)
    var next = try run("next", optimizer, model: model)
    next.options.initWeights = "\(scratch.path)/first/\(RunDirectory.final)"
    _ = try next.run()
    let tensors = optimizer == "adamw" ? 6 : 2
    #expect(next.reporter.notes.withLock { $0.contains { $0.contains("with \(tensors) tensors of its optimiser") } })
    #expect(model.updates.first?["step"]?.intValue == (optimizer == "adamw" ? 16 : 1))
  }

  /// AdamW and SGD as the trainer applies them where it reaches the parameters.
  @Test(arguments: ["adamw", "sgd"]) func theResultIsThatOfTheCPU(optimizer: String) throws {
    var here = try run("here", optimizer)
    here.model = ToyModel(tasks: here.dataset.tasks)
    let (local, remote) = (try here.run(), try run("there", optimizer).run())
    #expect(local.bestEpoch == remote.bestEpoch && local.bestAccuracy == remote.bestAccuracy)
    let weights = try ["here", "there"].map { name in
      let file = try PyTorchFile.read("\(scratch.path)/\(name)/\(RunDirectory.final)")
      return try #require(file["model_state_dict"]).stateDict(file: name).filter { $0.tensor.dtype == .f32 }
        .flatMap { try $0.tensor.floats() }
    }
    for (a, b) in zip(weights[0], weights[1]) { #expect(abs(a - b) < 1e-5) }
  }

  @Test func aModelThatUpdatedItselfIsNotToldSo() throws {
    let model = RemoteToyModel(tasks: ToyDataset().tasks)
    _ = try run("run", "adamw", model: model).run()
    #expect(model.updates.count == 15 && model.timesTold == 0)
  }

  @Test func theNormMayComeAStepLate() throws {
    let late = RemoteToyModel(tasks: ToyDataset().tasks, tellsNormLate: true)
    _ = try (run("late", "adamw", model: late).run(), run("now", "adamw").run())
    #expect(
      try bytes("\(scratch.path)/late/\(RunDirectory.final)") == bytes("\(scratch.path)/now/\(RunDirectory.final)"))
  }

  /// Once it is unknown, twice it is no number.
  @Test func aNormThatStaysUnknownStopsTheRun() throws {
    let model = RemoteToyModel(tasks: ToyDataset().tasks)
    model.unknownFrom = 3
    let run = try run("run", "adamw", model: model)
    expectError("the gradient norm is NaN in epoch 1, batch 4", "diverged") { _ = try run.run() }
  }

  /// The weights of the last update were not judged yet when the norm is late.
  @Test func aStateThatIsNoNumberIsNotSaved() throws {
    let model = RemoteToyModel(tasks: ToyDataset().tasks, tellsNormLate: true)
    model.spoiledUpdate = 3
    var run = try run("run", "adamw", model: model)
    run.options.stateSeconds = 0
    expectError("colour.weight is NaN in epoch 1", "diverged") { _ = try run.run() }
    let saved = try #require(try StateStore(RunDirectory(path: "\(scratch.path)/run")).load())
    #expect(saved.progress.batch == 2)
    for (name, tensor) in saved.model where tensor.dtype == .f32 {
      #expect(try tensor.floats().allSatisfy { $0.isFinite }, "\(name)")
    }
  }

  @Test func aTemperatureOnTheDeviceIsFitted() throws {
    var whole = ToyRun("\(scratch.path)/run", epochs: 2)
    whole.dataset.counts[.validation] = 240
    whole.trainer = try supervisedTrainer(["calibrate": true, "lr": 0.05])
    whole.model = RemoteToyModel(tasks: whole.dataset.tasks, temperature: 3)
    _ = try whole.run()
    let path = "\(scratch.path)/run/\(RunDirectory.final)"
    let state = try #require(try PyTorchFile.read(path)["model_state_dict"])
    let temperature = try #require(state["temperature"]?.tensor).floats()[0]
    #expect(temperature > 0 && temperature != 3)
    let copy = Tensor([])
    try (whole.model as? RemoteToyModel)?.transfer("temperature", copy, write: false)
    #expect(try copy.array(of: Float.self) == [temperature])
  }

  @Test func theAverageOfTheWeightsIsAStateByName() throws {
    let model = RemoteToyModel(tasks: ToyDataset().tasks)
    let (average, weight) = (Tensor([3, ToyDataset.features]), Tensor([3, ToyDataset.features]))
    func update(_ decay: Double) throws {
      _ = try model.update(
        JSON.text(
          [
            "optimizer": "sgd", "lr": 0.1, "weight_decay": 0.5, "momentum": 0, "dampening": 0, "nesterov": false,
            "max_norm": 0, "step": 1, "average_decay": .number(decay),
          ] as JSONValue))
      try model.transfer("average/colour.weight", average, write: false)
      try model.transfer("colour.weight", weight, write: false)
    }
    try model.transfer("average/colour.weight", average, write: false)
    try model.transfer("colour.weight", weight, write: false)
    let first = try weight.array(of: Float.self)
    #expect(try average.array(of: Float.self) == first, "before an update it is the parameter")
    try update(0.75)
    // As PyTorch's AveragedModel it begins with the values after the first update.
    #expect(try average.array(of: Float.self) == weight.array(of: Float.self) && first != weight.array(of: Float.self))
    let before = try average.array(of: Float.self)
    try update(0.75)
    for (now, (was, value)) in zip(
      try average.array(of: Float.self), zip(before, try weight.array(of: Float.self)))
    { #expect(abs(now - (0.75 * was + 0.25 * value)) < 1e-7) }
  }
}
