import CSentryPlugin
import SentryLearning
import SentryPluginAPI
import SentryTestSupport
import Testing

@testable import TrainerSupervised

@Suite struct SupervisedTrainerTests {
  private func trainer(_ changes: String = "") throws -> SupervisedTrainer {
    let defaults =
      #""lr":0.1,"min-lr":0.001,"schedule":"cosine","period":0,"weight-decay":0.05,"beta1":0.9,"beta2":0.999,"eps":1e-8,"#
      + #""clip-norm":1,"label-smoothing":0.1,"class-weights":"auto","patience":2,"# + SupervisedOptions.others
    var options = try JSON.decode([String: JSONValue].self, from: "{\(defaults)}", what: "options")
    for (key, value) in try JSON.decode([String: JSONValue].self, from: "{\(changes)}", what: "options") {
      options[key] = value
    }
    return try SupervisedTrainer(Options(json: JSON.text(JSONValue.object(options))), host: TestHost.host)
  }

  private func run(counts: [Int] = [10, 20, 30], balanced: Bool = false, task: String = "kind") -> RunSpecification {
    RunSpecification(
      epochs: 10, stepsPerEpoch: 4, batchSize: 2, balanced: balanced,
      tasks: [.init(name: task, classes: counts.indices.map { "c\($0)" }, counts: counts)])
  }

  private let batch = Batch(
    epoch: 0, step: 0, seed: 1, inputs: Tensor([3, 2], [Float(1), 2, -1, 0.5, 2, -2]),
    targets: Tensor([3, 1], [Int64(2), 0, -1]))

  @Test func aStepCountsLabelledSamplesAndChangesOnlyWhatTrains() throws {
    let (trainer, model) = (try trainer(), LinearClassifier())
    let before = try model.weight.array(of: Float.self)
    try trainer.begin(model, run: run())
    try trainer.beginEpoch(0)
    let result = try trainer.step(batch)
    #expect(result.labelled == [2] && result.learningRate == 0.1 && result.gradientNorm > 0)
    #expect(try model.weight.array(of: Float.self) != before)
    #expect(try model.frozen.array(of: Float.self) == [3, 4])
  }

  /// See ``PyTorch``.
  @Test func theLossIsPyTorchs() throws {
    let trainer = try trainer()
    try trainer.begin(LinearClassifier(), run: run())
    #expect(abs(try trainer.evaluate(batch).loss - PyTorch.weightedLoss) < 1e-6)
    let balanced = try self.trainer()
    try balanced.begin(LinearClassifier(), run: run(balanced: true))
    #expect(
      abs(try balanced.evaluate(batch).loss - PyTorch.plainLoss) < 1e-6, "class weights are off when a run balances")
  }

  /// Three steps of torch.optim.AdamW with clip_grad_norm_ and the cosine's rates.
  @Test func threeStepsArePyTorchs() throws {
    let (trainer, model) = (try trainer(), LinearClassifier())
    try trainer.begin(model, run: run())
    for epoch in 0..<3 {
      try trainer.beginEpoch(epoch)
      _ = try trainer.step(batch)
    }
    for (ours, theirs) in zip(try model.weight.array(of: Float.self), PyTorch.weightAfterThreeSteps) {
      #expect(abs(ours - theirs) < 1e-5)
    }
  }

  @Test func theScheduleSpansTheRunUnlessAPeriodSaysOtherwise() throws {
    let (whole, short) = (try trainer(), try trainer(#""period":5"#))
    for trainer in [whole, short] {
      try trainer.begin(LinearClassifier(), run: run())
      try trainer.beginEpoch(5)
    }
    #expect(abs(whole.learningRate - (0.001 + 0.099 / 2)) < 1e-9)
    #expect(abs(short.learningRate - 0.001) < 1e-9)
  }

  @Test func stopsAfterPatience() throws {
    let trainer = try trainer()
    #expect(try trainer.endEpoch(0, metrics: ["val_acc": 50]).best)
    #expect(try !trainer.endEpoch(1, metrics: ["val_acc": 50]).best)
    let decision = try trainer.endEpoch(2, metrics: ["val_acc": 40])
    #expect(decision.stop && decision.reason?.contains("epoch 1") == true)
    #expect(throws: PluginError.self) { try trainer.endEpoch(3, metrics: [:]) }
  }

  /// Epochs without a validation do not come here: patience counts those that do.
  @Test func patienceCountsValidations() throws {
    let trainer = try trainer()
    #expect(try trainer.endEpoch(2, metrics: ["val_acc": 50]).best)
    #expect(try !trainer.endEpoch(5, metrics: ["val_acc": 50]).stop)
    let decision = try trainer.endEpoch(8, metrics: ["val_acc": 50])
    #expect(
      decision.reason == "no better validation accuracy for 2 validations (6 epochs); the best was in epoch 3")
  }

  @Test(arguments: [
    "", #""optimizer":"sgd""#, #""optimizer":"sgd","nesterov":true"#, #""optimizer":"sgd","momentum":0"#,
    #""average-decay":0.9"#,
  ])
  func aRestoredTrainerGoesOnAsIfNothingHappened(_ optimizer: String) throws {
    let (first, model) = (try trainer(optimizer), LinearClassifier())
    try first.begin(model, run: run())
    try first.beginEpoch(0)
    for _ in 0..<3 { _ = try first.step(batch) }
    _ = try first.endEpoch(0, metrics: ["val_acc": 60])

    let (second, copy) = (try trainer(optimizer), LinearClassifier())
    try copy.weight.copy(from: model.weight)
    try second.begin(copy, run: run())
    for (from, to) in zip(first.state, second.state) {
      #expect(from.name == to.name)
      try to.value.copy(from: from.value)
    }
    try second.restore(first.save())
    #expect(second.stopping == first.stopping)
    #expect(second.save() == first.save())
    for trainer in [first, second] {
      try trainer.beginEpoch(1)
      _ = try trainer.step(batch)
    }
    #expect(try copy.weight.array(of: Float.self) == model.weight.array(of: Float.self))
  }

  /// Three steps of torch.optim.AdamW, averaged by AveragedModel.
  @Test func theAverageOfTheWeightsIsPyTorchs() throws {
    let trainer = try trainer(#""average-decay":0.8,"average-warm-up":false"#)
    let model = LinearClassifier()
    try trainer.begin(model, run: run())
    let start = try model.weight.array(of: Float.self)
    try trainer.useAverage(true)
    #expect(try model.weight.array(of: Float.self) == start, "before an update there is no average")
    try trainer.useAverage(false)
    for epoch in 0..<3 {
      try trainer.beginEpoch(epoch)
      _ = try trainer.step(batch)
    }
    let trained = try model.weight.array(of: Float.self)
    try trainer.useAverage(true)
    try trainer.useAverage(true)
    for (ours, theirs) in zip(try model.weight.array(of: Float.self), PyTorch.averageAfterThreeSteps) {
      #expect(abs(ours - theirs) < 1e-5)
    }
    let kept = try #require(trainer.state.first { $0.name == "average/weight" })
    #expect(try kept.value.array(of: Float.self) == trained)
    try trainer.useAverage(false)
    #expect(try model.weight.array(of: Float.self) == trained)
  }

  @Test func theDecayOfTheAverageRises() {
    let decay = WeightAverage.Decay(0.9)
    #expect(decay.value(afterUpdates: 0) == 0.1 && decay.value(afterUpdates: 8) == 0.5)
    #expect(decay.value(afterUpdates: 1000) == 0.9)
    #expect(WeightAverage.Decay(0.9, warmsUp: false).value(afterUpdates: 0) == 0.9)
  }

  /// Three steps of torch.optim.SGD, and what it keeps.
  @Test func threeStepsOfSGDArePyTorchs() throws {
    let trainer = try trainer(#""optimizer":"sgd","nesterov":true"#)
    let model = LinearClassifier()
    try trainer.begin(model, run: run())
    for epoch in 0..<3 {
      try trainer.beginEpoch(epoch)
      _ = try trainer.step(batch)
    }
    for (ours, theirs) in zip(try model.weight.array(of: Float.self), PyTorch.weightAfterThreeStepsOfSGD) {
      #expect(abs(ours - theirs) < 1e-6)
    }
    #expect(trainer.state.map(\.name) == ["momentum_buffer/weight"])
    let group = try #require(trainer.save()["param_groups"]?.arrayValue?.first)
    #expect(group["momentum"]?.doubleValue == 0.9 && group["nesterov"] == true && group["dampening"]?.doubleValue == 0)
    #expect(group["weight_decay"]?.doubleValue == 0.05 && group["betas"] == nil && group["maximize"] == false)
  }

  @Test func nesterovWithoutMomentumIsRefused() {
    #expect(throws: (any Error).self) { try trainer(#""optimizer":"sgd","nesterov":true,"momentum":0"#) }
  }

  @Test func aMisfitNamesBothSides() throws {
    let other = #expect(throws: PluginError.self) { try trainer().begin(LinearClassifier(task: "other"), run: run()) }
    #expect(other?.message.contains("'kind'") == true && other?.message.contains("other") == true)
    let count = #expect(throws: PluginError.self) { try trainer().begin(LinearClassifier(classes: 4), run: run()) }
    #expect(count?.message.contains("3 classes in the dataset and 4 in the model") == true)
  }

  @Test func aLossThatIsNoNumberStopsBeforeTheUpdate() throws {
    let (trainer, model) = (try trainer(), LinearClassifier())
    try trainer.begin(model, run: run())
    try model.weight.elements(as: Float.self)[0] = .infinity
    let before = try model.weight.array(of: Float.self)
    let error = #expect(throws: PluginError.self) { try trainer.step(batch) }
    #expect(error?.message.contains("step 1 of epoch 1") == true)
    #expect(try model.weight.array(of: Float.self) == before)
  }
}

@Suite struct RemoteDeviceTests {
  private func begin(_ model: any Model, _ optimizer: String = "") throws -> SupervisedTrainer {
    let json =
      #"{"lr":0.1,"min-lr":0,"schedule":"constant","period":0,"weight-decay":0.05,"beta1":0.9,"beta2":0.999,"eps":1e-8,"#
      + #""clip-norm":1,"label-smoothing":0,"class-weights":"none","patience":0,"# + SupervisedOptions.others + "}"
    let sgd = json.replacing(#""optimizer":"adamw""#, with: #""optimizer":"sgd""#)
      .replacing(#""nesterov":false"#, with: #""nesterov":true"#)
    let trainer = try SupervisedTrainer(Options(json: optimizer == "sgd" ? sgd : json), host: TestHost.host)
    try trainer.begin(
      model,
      run: RunSpecification(
        epochs: 1, stepsPerEpoch: 1, batchSize: 2, balanced: false,
        tasks: [.init(name: "kind", classes: ["a", "b"], counts: [1, 1])]))
    try trainer.beginEpoch(0)
    return trainer
  }

  @Test func aModelOnAnotherDeviceUpdatesItself() throws {
    let model = RemoteModel()
    let trainer = try begin(model)
    let batch = Batch(epoch: 0, step: 0, seed: 0, inputs: Tensor([2, 2]), targets: Tensor([2, 1], [Int64(0), 1]))
    #expect(try trainer.step(batch).gradientNorm == 0.75)
    _ = try trainer.step(batch)
    #expect(model.backwards == 2 && model.settings.count == 2)
    let settings = try JSON.decode(JSONValue.self, from: model.settings[1], what: "settings")
    #expect(settings["step"]?.intValue == 2 && settings["optimizer"]?.stringValue == "adamw")
    #expect(settings["lr"]?.doubleValue == 0.1 && settings["max_norm"]?.doubleValue == 1)
  }

  /// The model measures its own update: what both told would count twice.
  @Test func theModelsUpdateIsNotTheTrainersTime() throws {
    let batch = Batch(epoch: 0, step: 0, seed: 0, inputs: Tensor([2, 2]), targets: Tensor([2, 1], [Int64(0), 1]))
    let trainer = try begin(RemoteModel())
    _ = try trainer.step(batch)
    #expect(trainer.takeProfile().keys.sorted() == ["loss"])
    let local = try begin(LinearClassifier(classes: 2))
    _ = try local.step(batch)
    #expect(local.takeProfile().keys.sorted() == ["loss", "optimiser"])
  }

  @Test func itIsToldWhichOptimiserAndItsSettings() throws {
    let batch = Batch(epoch: 0, step: 0, seed: 0, inputs: Tensor([2, 2]), targets: Tensor([2, 1], [Int64(0), 1]))
    func settings(_ optimizer: String) throws -> JSONValue {
      let model = RemoteModel()
      _ = try begin(model, optimizer).step(batch)
      return try JSON.decode(JSONValue.self, from: model.settings[0], what: "settings")
    }
    let common: [String: JSONValue] = ["lr": 0.1, "max_norm": 1, "step": 1, "weight_decay": 0.05]
    let sgd: [String: JSONValue] = ["optimizer": "sgd", "momentum": 0.9, "dampening": 0, "nesterov": true]
    let adamw: [String: JSONValue] = ["optimizer": "adamw", "betas": [0.9, 0.999], "eps": 1e-8]
    #expect(try settings("sgd") == .object(common.merging(sgd) { $1 }))
    #expect(try settings("adamw") == .object(common.merging(adamw) { $1 }))
  }

  /// Nobody asks for the embedding in training and validation.
  @Test func onlyLogitsAreAskedFor() throws {
    let batch = Batch(epoch: 0, step: 0, seed: 0, inputs: Tensor([2, 2]), targets: Tensor([2, 1], [Int64(0), 1]))
    let model = ThriftyClassifier()
    let trainer = try begin(model)
    let (step, evaluation) = (try trainer.step(batch), try trainer.evaluate(batch))
    #expect(model.asked == [true, false] && step.loss > 0 && evaluation.logits.map(\.shape) == [[2, 2]])
  }

  @Test func withoutTheExtensionItIsRefused() {
    let error = #expect(throws: PluginError.self) { try begin(RemoteModel(updatesItself: false)) }
    #expect(error?.code == SENTRY_UNSUPPORTED && error?.message.contains("device type 12") == true)
  }
}

extension SupervisedOptions {
  /// The defaults of what most tests do not touch, as members of a JSON object.
  static let others =
    #""restart-period":10,"restart-multiplier":2,"plateau-factor":0.5,"plateau-patience":3,"task-weights":{},"#
    + #""monitor":"accuracy","calibrate":false,"overlap":true,"optimizer":"adamw","momentum":0.9,"nesterov":false,"#
    + #""step-period":10,"step-factor":0.1,"warm-up-epochs":0,"warm-up-start":0.01,"#
    + #""mixup":0,"cutmix":0,"average-decay":0,"average-warm-up":true"#
}
