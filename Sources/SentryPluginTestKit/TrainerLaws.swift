import SentryPluginAPI

/// How a test gets trainers: each call makes a new one of the same options.
public struct TrainerMaker: Sendable {
  let make: @Sendable () throws -> ImportedTrainer
  public init(_ make: @escaping @Sendable () throws -> ImportedTrainer) { self.make = make }

  func callAsFunction() throws -> ImportedTrainer { try make() }
}

/// What every trainer must do, with a linear classifier of three classes.
public enum TrainerLaws {
  public static let all: [Law<TrainerMaker>] = [
    Law("trainer.steps", level: 1, "A step has a finite loss, a weight, and counts that fit the batch.") { make, run in
      let training = try Training(make, &run)
      for index in 0..<3 {
        let result = try training.trainer.step(training.batch(index))
        try require(
          result.loss.isFinite && result.lossWeight > 0,
          "the loss of step \(index) is \(result.loss), its weight \(result.lossWeight)")
        try require(
          result.labelled == [Training.batchSize],
          "\(result.labelled) samples are counted as labelled; \(Training.batchSize) are")
        try require(
          result.correct.allSatisfy { (0...Training.batchSize).contains($0) },
          "\(result.correct) of \(Training.batchSize) samples are counted as correct")
        try require(
          result.learningRate.isFinite && result.learningRate >= 0, "the learning rate is \(result.learningRate)")
      }
      let judged = try training.trainer.evaluate(training.batch(0))
      try require(
        judged.logits.map(\.shape) == [[Training.batchSize, 3]],
        "evaluate gives logits \(judged.logits.map(\.shape)); [[\(Training.batchSize), 3]] was expected")
    },
    Law("trainer.learns", level: 2, "The loss of separable samples falls.") { make, run in
      let training = try Training(make, &run)
      let start = try training.trainer.evaluate(training.batch(0)).loss
      for index in 0..<Training.steps { _ = try training.trainer.step(training.batch(index)) }
      let end = try training.trainer.evaluate(training.batch(0)).loss
      try require(end < start, "after \(Training.steps) steps the loss is \(end); it was \(start)")
    },
    Law("trainer.evaluation-changes-nothing", level: 2, "evaluate leaves model and state as they are.") { make, run in
      let training = try Training(make, &run)
      _ = try training.trainer.step(training.batch(0))
      let before = try training.bytes()
      _ = try training.trainer.evaluate(training.batch(1))
      try require(try training.bytes() == before, "evaluate changed parameters or the state")
    },
    Law(
      "trainer.state-round-trip", level: 3, "A restored trainer goes on as the one that was not stopped, byte for byte."
    ) { make, run in
      let unbroken = try Training(make, &run)
      for index in 0..<5 { _ = try unbroken.trainer.step(unbroken.batch(index)) }
      let resumed = try Training(make, of: unbroken)
      let state = try resumed.trainer.state()
      let stored = try unbroken.trainer.state()
      try require(
        state.map(\.name) == stored.map(\.name), "another trainer of the same options has other names in its state")
      for (target, source) in zip(state, stored) { try target.value.copy(from: source.value) }
      try resumed.trainer.restore(try unbroken.trainer.save())
      try resumed.trainer.beginEpoch(0)
      for training in [unbroken, resumed] { _ = try training.trainer.step(training.batch(5)) }
      try require(
        try resumed.bytes() == unbroken.bytes(),
        "the step after a restore differs from the step of the trainer that was not stopped: some of the state is not in state() or save()"
      )
    },
    Law("trainer.missing-targets", level: 3, "Samples without a label count for nothing.") { make, run in
      let training = try Training(make, &run)
      var batch = training.batch(0)
      try batch.targets.elements(as: Int64.self).update(repeating: -1)
      let before = try training.parameters()
      let result = try training.trainer.step(batch)
      try require(
        result.labelled == [0] && result.correct == [0],
        "a batch without labels counts \(result.labelled) labelled and \(result.correct) correct samples")
      try require(result.loss.isFinite, "the loss of a batch without labels is \(result.loss)")
      for (name, values) in try training.parameters() where !values.allSatisfy(\.isFinite) {
        throw Violation("a batch without labels made '\(name)' NaN")
      }
      _ = before
      batch = training.batch(1)
      try batch.targets.elements(as: Int64.self)[0] = -1
      try require(
        try training.trainer.step(batch).labelled == [Training.batchSize - 1],
        "one missing label is not left out of the count")
    },
    Law("trainer.not-a-number", level: 3, "A loss that is no number is an error, not a result.") { make, run in
      let training = try Training(make, &run)
      let batch = training.batch(0)
      try batch.inputs.elements(as: Float.self).update(repeating: .nan)
      do {
        let result = try training.trainer.step(batch)
        // The host refuses such a result, too.
        try require(!result.loss.isFinite, "inputs of NaN give the loss \(result.loss)")
      } catch let error as PluginError {
        try require(!error.message.isEmpty, "the error has no message")
      }
    },
    Law("trainer.foreign-state", level: 4, "A state of something else is refused with a message, or ignored.") {
      make, run in
      let states: [JSONValue] = [
        [:], [], "state", ["param_groups": "none"], ["param_groups": [["lr": "fast", "params": [1, 2]]]], .null,
      ]
      for state in states {
        let training = try Training(make, &run)
        do {
          try training.trainer.restore(state)
        } catch let error as PluginError {
          try require(!error.isSilent, "the state \(state) is refused without a message")
          continue
        }
        let result = try training.trainer.step(training.batch(0))
        try require(result.loss.isFinite, "after the state \(state) was taken, the loss is \(result.loss)")
      }
    },
    Law("trainer.misfits-are-refused", level: 2, "A model that does not predict the tasks of the data is refused.") {
      make, _ in
      let model = try ImportedModel(of: ToyModel(seed: 1))
      var run = Training.run
      run.tasks = [.init(name: "another", classes: ["x", "y"], counts: [5, 5])]
      try requireError("a run with a task that the model does not have") { try make().begin(model, run: run) }
    },
  ]
}

/// A trainer at work on separable samples.
private struct Training {
  static let (batchSize, steps) = (12, 60)
  static let run = RunSpecification(
    epochs: 4, stepsPerEpoch: steps / 2, batchSize: batchSize, balanced: false,
    tasks: [.init(name: ToyModel.task.name, classes: ToyModel.task.classes, counts: [20, 20, 20])])

  let trainer: ImportedTrainer
  let model: ImportedModel
  private let seed: UInt64

  init(_ make: TrainerMaker, _ run: inout LawRun) throws {
    try self.init(make, model: ImportedModel(of: ToyModel(seed: run.random.next())), seed: run.random.next())
  }

  /// Another trainer, and a model with the same values.
  init(_ make: TrainerMaker, of other: Training) throws {
    try self.init(make, model: ImportedModel(of: ToyModel(seed: 0)), seed: other.seed)
    try model.setValues(other.model.values())
    try model.parametersChanged()
  }

  private init(_ make: TrainerMaker, model: ImportedModel, seed: UInt64) throws {
    (self.model, self.seed) = (model, seed)
    trainer = try make()
    try trainer.begin(model, run: Self.run)
    try trainer.beginEpoch(0)
  }

  /// The class is the largest of three features, with noise.
  func batch(_ step: Int) -> Batch {
    var run = LawRun(seed: seed &+ UInt64(step), law: "batch")
    var (inputs, targets): ([Float], [Int64]) = ([], [])
    for _ in 0..<Self.batchSize {
      let label = run.random.below(3)
      inputs += (0..<ToyModel.features).map { Float(run.random.gaussian() * 0.5) + ($0 == label ? 2 : 0) }
      targets.append(Int64(label))
    }
    return Batch(
      epoch: 0, step: step, seed: seed &+ UInt64(step), inputs: Tensor([Self.batchSize, ToyModel.features], inputs),
      targets: Tensor([Self.batchSize, 1], targets))
  }

  func parameters() throws -> [(String, [Float])] {
    try model.parameters.map { ($0.name, try $0.value.array(of: Float.self)) }
  }

  /// Of the parameters and of the state.
  func bytes() throws -> [[UInt8]] { try model.values().map(\.value) + trainer.state().map(\.value.bytes) }
}
