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

  @Test func aClassThatTheTaskDoesNotHaveIsRefused() throws {
    let there = try ImportedDataset(adopting: export(RampDataset()))
    let error = #expect(throws: PluginError.self) { try there.targets(at: 8, in: .train) }
    #expect(error?.code == SENTRY_BAD_DATA && error?.message.contains("class 5 of task 'parity'") == true)
  }

  @Test func anErrorKeepsItsCodeMessageAndHint() throws {
    let there = try ImportedDataset(adopting: export(RampDataset()))
    let error = #expect(throws: PluginError.self) { try there.sample(at: 99, in: .train) }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message == "ramp.csv, row 99")
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
    let step = try trainer.step(batch)
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
