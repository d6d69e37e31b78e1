import CSentryPlugin
import Testing

@testable import SentryPluginAPI

/// Each kind of component goes to C and comes back, and nothing is lost on the way.
@Suite struct CrossingTests {
  @Test func dataset() throws {
    let there = try ImportedDataset(adopting: export(RampDataset()))
    #expect(there.specification.tasks == [ClassificationTask("parity", classes: ["even", "odd"])])
    #expect(there.specification.notes == ["made up"])
    #expect([Split.train, .validation, .test].map(there.count) == [10, 4, 0])
    #expect(try there.targets(at: 3, in: .train) == [1])
    #expect(try there.targets(at: 7, in: .train) == [nil])
    #expect(try there.sample(at: 2, in: .train).array(of: UInt8.self) == [0, 1, 2])
    #expect(there.name(at: 1, in: .validation) == RampDataset().name(at: 1, in: .validation))
    #expect(there.group(at: 0, in: .train) == nil && there.group(at: 5, in: .train) == 2)
  }

  @Test func statistics() throws {
    let there = try ImportedDataset(adopting: export(MeasuredRamp()))
    #expect(there.providesStatistics)
    #expect(
      try there.statistics(of: [1, 4], in: .train) == FeatureStatistics(mean: [2.5], std: [1.5], source: "2 samples"))
    // The text of an earlier call may be gone, its values are not.
    #expect(try there.statistics(of: [6], in: .train).mean == [6])
    let error = #expect(throws: PluginError.self) { try there.statistics(of: [], in: .train) }
    #expect(error?.message == "of nothing" && error?.code == SENTRY_INVALID)
    let crooked = #expect(throws: PluginError.self) { try there.statistics(of: [9], in: .train) }
    #expect(crooked?.message.contains("1 means and 2 deviations") == true)
    let plain = try ImportedDataset(adopting: export(RampDataset()))
    #expect(!plain.providesStatistics)
    let missing = #expect(throws: PluginError.self) { try plain.statistics(of: [1], in: .train) }
    #expect(missing?.code == SENTRY_UNSUPPORTED)
  }

  @Test func softTargets() throws {
    let there = try ImportedDataset(adopting: export(VotedRamp()))
    #expect(there.providesSoftTargets)
    #expect(try there.softTargets(at: 0, in: .train) == [nil, [0, 0.25, 0.75]])
    #expect(try there.softTargets(at: 1, in: .validation) == [[0.5, 0.5], [1, 0, 0]])
    for (index, message) in [(2, "3 probabilities for 'parity', which has 2"), (3, "is no distribution")] {
      let error = #expect(throws: PluginError.self) { try there.softTargets(at: index, in: .train) }
      #expect(error?.code == SENTRY_BAD_DATA && error?.message.contains(message) == true)
    }
    #expect(try !ImportedDataset(adopting: export(RampDataset())).providesSoftTargets)
  }

  /// What a model makes but for the logits crosses only where it is asked for, and stays away only where the model says so.
  @Test func outputsThatNobodyAsksFor() throws {
    let input = Tensor([1, 3], [Float(1), 2, 3])
    let here = ThriftyModel()
    let there = try ImportedModel(adopting: export(here))
    #expect(there.specification.device == "cuda:1 A card" && there.specification.precision == "tf32")
    let thrifty = try there.logits(input, training: true, seed: 0)
    #expect(thrifty.count == 2 && thrifty[0]?.shape == [1, 2] && thrifty[1] == nil)
    let all = try there.forward(input, training: true, seed: 0)
    #expect(all.count == 2 && all[1].shape == [1, 1])
    let other = try ImportedModel(adopting: export(LinearModel()))
    #expect(try other.logits(input, training: false, seed: 0).map { $0?.shape } == [[1, 2], [1, 1]])
    #expect(here.asked == [true, false])
  }

  /// Who uses a model counts on what it describes.
  @Test(arguments: [[2, 3], [1, 2], [2], [2, 2, 1]])
  func outputsAreComparedWithTheDescription(shape: [Int]) throws {
    let there = try ImportedModel(adopting: export(BareModel(gives: shape)), as: Callee("model 'x'"))
    let error = #expect(throws: PluginError.self) {
      try there.forward(Tensor([2, 1], [Float(1), 2]), training: false, seed: 0)
    }
    #expect(
      error?.message
        == "model 'x', computing a forward pass: it gave float32 \(shape), but describes its output 'parity' as float32 [2, 2]"
    )
    #expect(error?.hint?.contains("fault of the plugin") == true)
  }

  @Test func inputsGoEarlyIntoTheModelsMemory() throws {
    let here = ThriftyModel()
    var there: ImportedModel? = try ImportedModel(adopting: export(here))
    #expect(there?.stagesInput == true)
    var input = there?.allocateInput([2, 3], .float32)
    #expect(
      try input?.data == here.memory && input?.shape == [2, 3] && #require(input).deviceType == SENTRY_DEVICE_CPU)
    #expect(there?.allocateInput([1000], .float32) == nil, "none left")
    there?.stage(input)
    there?.stage(nil)
    #expect(here.staged == [here.memory, nil])
    there = nil
    #expect(here.released == 0)
    input = nil
    #expect(here.released == 1)
    let plain = try ImportedModel(adopting: export(BareModel()))
    #expect(!plain.stagesInput && plain.allocateInput([1], .float32) == nil)
    plain.stage(nil)
  }

  @Test func aClassThatTheTaskDoesNotHaveIsRefused() throws {
    let there = try ImportedDataset(adopting: export(RampDataset()))
    let error = #expect(throws: PluginError.self) { try there.targets(at: 8, in: .train) }
    #expect(error?.code == SENTRY_BAD_DATA && error?.message.contains("class 5 of task 'parity'") == true)
  }

  @Test func anErrorKeepsItsCodeMessageAndHint() throws {
    let there = try ImportedDataset(adopting: export(RampDataset()))
    let error = #expect(throws: PluginError.self) { try there.sample(at: 99, in: .train) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message == "the dataset, reading sample 99 of train: ramp.csv, row 99")
    #expect(error?.hint == "there are 10 rows")
  }

  @Test func augmenter() throws {
    let there = try ImportedAugmenter(adopting: export(ScalingAugmenter()))
    #expect(there.specification.normalisation?["scale"]?.doubleValue == 0.5)
    let out = try there.apply(Tensor([2], [UInt8(2), 4]), strength: .strong, seed: 7)
    #expect(try out.array(of: Float.self) == [208, 209])
  }

  @Test func model() throws {
    let here = LinearModel()
    let there = try ImportedModel(adopting: export(here))
    #expect(there.specification.outputs.map(\.name) == ["parity", "sum"])
    #expect(there.parameters.map(\.name) == ["fc.weight", "runs"])
    #expect(there.parameters.map(\.role) == [.trainable, .buffer])
    #expect(there.parameters[0].value.data == here.weight.data, "parameters are shared, not copied")

    let outputs = try there.forward(Tensor([1, 3], [Float(1), 2, 3]), training: true, seed: 5)
    #expect(try outputs[0].array(of: Float.self) == [8, 26])
    #expect(try outputs[1].array(of: Float.self) == [6])
    #expect(try here.runs.elements(as: Int64.self)[0] == 5)
    try there.backward([outputs[0], nil], accumulate: false)
    try there.backward([outputs[0], nil], accumulate: true)
    #expect(here.received.count == 2 && here.received[0] == [8, 26] && here.received[1] == nil)
    #expect(try there.parameters[0].gradient?.elements(as: Float.self)[0] == 2)
    try there.parametersChanged()
    #expect(here.stale == 1)
  }

  @Test func modelThatUpdatesItself() throws {
    let here = LinearModel()
    let there = try ImportedModel(adopting: export(here))
    #expect(there.updatesItself)
    #expect(try there.update(#"{"lr":0.1}"#) == 1.5 && here.lastSettings == #"{"lr":0.1}"#)
    let copy = Tensor([2, 3])
    try there.transfer("fc.weight", copy, write: false)
    #expect(try copy.array(of: Float.self) == [0, 1, 2, 3, 4, 5])
    #expect(throws: PluginError.self) { try there.transfer("other", copy, write: false) }
  }

  /// A host of 1.2 sends batches without the member.
  @Test func aBatchOfAnOlderHostHasNoSoftTargets() throws {
    let here = RecordingTrainer()
    let object = try export(here)
    defer { object.pointee.destroy(object) }
    here.model = LinearModel()
    let (inputs, targets) = (TensorView(Tensor([1, 3])), TensorView(Tensor([1, 1], .int64)))
    var batch = sentry_batch()
    batch.struct_size = UInt32(SENTRY_BATCH_SIZE_1_0)
    (batch.inputs, batch.targets) = (inputs.pointer.pointee, targets.pointer.pointee)
    // What lies behind such a batch is nobody's.
    batch.soft_targets = UnsafePointer(inputs.pointer)
    var (correct, labelled): (Int64, Int64) = (0, 0)
    try withExtendedLifetime((inputs, targets)) {
      try withUnsafeMutablePointer(to: &correct) { correct in
        try withUnsafeMutablePointer(to: &labelled) { labelled in
          var step = sentry_step()
          (step.struct_size, step.task_count) = (UInt32(SENTRY_STEP_SIZE_1_0), 1)
          (step.correct, step.labelled) = (correct, labelled)
          try acrossBorder { object.pointee.step(object, &batch, &step, $0) }
        }
      }
    }
    #expect(here.softTargets.count == 1 && here.softTargets[0] == nil)
  }

  @Test func modelThatDescribesItsGraph() throws {
    let here = LinearModel()
    let there = try ImportedModel(adopting: export(here))
    let graph = try there.graph()
    #expect(graph.nodes.map(\.op) == ["Gemm"] && graph.nodes[0].outputs == ["parity"])
    #expect(graph.nodes[0].attributes == ["transB": .int(1), "alpha": .float(1)])
    #expect(try there.graph() == graph && here.graphs == 1)
    let plain = try ImportedModel(adopting: export(BareModel()))
    let error = #expect(throws: PluginError.self) { try plain.graph() }
    #expect(error?.code == SENTRY_UNSUPPORTED && !plain.updatesItself)
  }

  @Test func trainer() throws {
    let here = RecordingTrainer()
    let trainer = try ImportedTrainer(adopting: export(here))
    let model = try ImportedModel(adopting: export(LinearModel()))
    let task = RunSpecification.CountedTask(name: "parity", classes: ["even", "odd"], counts: [5, 5])
    try trainer.begin(
      model, run: RunSpecification(epochs: 4, stepsPerEpoch: 2, batchSize: 2, balanced: true, tasks: [task]))
    #expect(here.run?.stepsPerEpoch == 2 && here.run?.tasks[0].counts == [5, 5] && here.run?.balanced == true)
    try trainer.beginEpoch(2)
    let batch = Batch(
      epoch: 2, step: 9, seed: 3, inputs: Tensor([2, 3], [Float](repeating: 1, count: 6)),
      targets: Tensor([2, 1], [Int64(0), -1]))
    var soft = batch
    soft.softTargets = Tensor([2, 2], [0.5, 0.5, .nan, 1] as [Float])
    _ = try trainer.step(soft)
    #expect(here.softTargets[0]?.prefix(2) == [0.5, 0.5] && here.softTargets[0]?[2].isNaN == true)
    let step = try trainer.step(batch)
    #expect(here.softTargets.count == 2 && here.softTargets[1] == nil)
    #expect(step.loss == 0.25 && step.lossWeight == 2 && step.gradientNorm == 3 && step.learningRate == 0.1)
    #expect(step.correct == [1] && step.labelled == [2] && step.logits.isEmpty)
    let evaluation = try trainer.evaluate(batch)
    #expect(evaluation.labelled == [1])
    #expect(evaluation.logits.map(\.shape) == [[2, 2]])
    #expect(try trainer.endEpoch(2, metrics: ["val_acc": 75]).best)
    let last = try trainer.endEpoch(3, metrics: ["val_acc": 50])
    #expect(!last.best && last.stop && last.reason == "enough")
    let state = try trainer.state()
    #expect(state.map(\.name) == ["momentum/fc.weight"] && state[0].value.data == here.momentum.data)
    #expect(try trainer.save() == ["epoch": 2])
    try trainer.restore(["epoch": 1])
    #expect(here.restored == ["epoch": 1])
  }

  @Test func aStateThatJSONCannotHoldIsAnError() throws {
    let here = RecordingTrainer()
    let there = try ImportedTrainer(adopting: export(here))
    for value in [Double.nan, .infinity] {
      here.remembered = ["param_groups": [["lr": .number(value)]]]
      let error = #expect(throws: PluginError.self) { try there.save() }
      #expect(error?.message == "the trainer returned no state to save" && error?.hint?.contains("--resume") == true)
    }
    here.remembered = nil
    #expect(try there.save() == ["epoch": -1])
  }

  @Test func nothingIsLeftBehind() throws {
    let witness = Witness()
    for _ in 0..<100 {
      let model = try ImportedModel(adopting: export(LinearModel(witness)))
      let trainer = try ImportedTrainer(adopting: export(RecordingTrainer()))
      try trainer.begin(
        model, run: RunSpecification(epochs: 1, stepsPerEpoch: 1, batchSize: 1, balanced: false, tasks: []))
    }
    #expect(witness.freed.load(ordering: .relaxed) == 100)
  }
}
