import Glibc
import SentryPluginAPI
import SentryTestSupport
import Testing

@testable import TrainerSupervised

@Suite struct SeveralTasksTests {
  private func trainer(_ changes: String = "", schedule: String = "constant") throws -> SupervisedTrainer {
    let text =
      #"{"lr":0.1,"min-lr":0.001,"schedule":"\#(schedule)","period":0,"weight-decay":0,"beta1":0.9,"beta2":0.999,"eps":1e-8,"#
      + #""clip-norm":0,"label-smoothing":0,"class-weights":"none","patience":2,"# + SupervisedOptions.others + "}"
    var options = try JSON.decode([String: JSONValue].self, from: text, what: "options")
    for (key, value) in try JSON.decode([String: JSONValue].self, from: "{\(changes)}", what: "options") {
      options[key] = value
    }
    return try SupervisedTrainer(Options(json: JSON.text(JSONValue.object(options))), host: TestHost.host)
  }

  private func run(
    second: [Int] = [5, 5], balancedTask: String? = nil, epochs: Int = 10
  ) -> RunSpecification {
    RunSpecification(
      epochs: epochs, stepsPerEpoch: 4, batchSize: 2, balanced: balancedTask != nil, balancedTask: balancedTask,
      tasks: [
        .init(name: "first", classes: ["c0", "c1", "c2"], counts: [1, 2, 7]),
        .init(name: "second", classes: ["c0", "c1"], counts: second),
      ])
  }

  private func batch(_ targets: [Int64]) -> Batch {
    Batch(
      epoch: 0, step: 0, seed: 1, inputs: Tensor([3, 2], [Float(1), 2, -1, 0.5, 2, -2]),
      targets: Tensor([3, 2], targets))
  }

  private func begun(_ trainer: SupervisedTrainer, _ model: TwoTaskModel, _ run: RunSpecification) throws {
    try trainer.begin(model, run: run)
    try trainer.beginEpoch(0)
  }

  @Test func aHeadWithoutLabelsInABatchContributesNothing() throws {
    let (trainer, model) = (try trainer(), TwoTaskModel())
    try begun(trainer, model, run())
    let before = try model.weights[1].array(of: Float.self)
    let result = try trainer.step(batch([2, -1, 0, -1, -1, -1]))
    #expect(result.labelled == [2, 0] && result.loss.isFinite && result.lossWeight == 2)
    #expect(try model.gradients[1].array(of: Float.self).allSatisfy { $0 == 0 })
    #expect(try model.weights[1].array(of: Float.self) == before)
    // The loss is that of the first head over its two samples alone.
    let alone = try self.trainer()
    let other = TwoTaskModel()
    try begun(alone, other, run())
    let reference = try alone.evaluate(batch([2, -1, 0, -1, -1, -1]))
    #expect(abs(result.loss - reference.loss) < 1e-12)
  }

  @Test func aMaskedSampleLeavesTheOthersAsTheyAre() throws {
    let (trainer, model) = (try trainer(), TwoTaskModel())
    try begun(trainer, model, run())
    let some = try trainer.evaluate(batch([2, 1, 0, -1, 1, 0]))
    #expect(some.labelled == [3, 2])
    _ = try trainer.step(batch([2, 1, 0, -1, 1, 0]))
    let gradient = try #require(model.lastGradients[1]).array(of: Float.self)
    #expect(gradient[2] == 0 && gradient[3] == 0 && gradient[0] != 0 && gradient[4] != 0)
    // Each labelled sample's gradient is softmax minus one-hot over the two labelled samples.
    #expect(abs(gradient[0] + gradient[1]) < 1e-6)
  }

  @Test func aBatchWithoutAnyLabelLeavesTheModelAsItIs() throws {
    let (trainer, model) = (try trainer(), TwoTaskModel())
    try begun(trainer, model, run())
    _ = try trainer.step(batch([2, 1, 0, 1, 1, 0]))
    let before = try model.weights.map { try $0.array(of: Float.self) }
    let state = try trainer.state.map { try $0.value.array(of: Float.self) }
    let result = try trainer.step(batch([-1, -1, -1, -1, -1, -1]))
    #expect(result.loss == 0 && result.lossWeight == 0 && result.labelled == [0, 0] && result.gradientNorm == 0)
    #expect(try model.weights.map { try $0.array(of: Float.self) } == before)
    #expect(try trainer.state.map { try $0.value.array(of: Float.self) } == state)
    #expect(try trainer.evaluate(batch([-1, -1, -1, -1, -1, -1])).lossWeight == 0)
  }

  @Test func weightsOfTasksScaleLossAndGradient() throws {
    let (plain, weighted) = (try trainer(), try trainer(#""task-weights":{"second":2.5,"first":0.5}"#))
    let (one, other) = (TwoTaskModel(), TwoTaskModel())
    try begun(plain, one, run())
    try begun(weighted, other, run())
    let labels: [Int64] = [2, 1, 0, 1, 1, 0]
    let (masked, whole) = (try plain.evaluate(batch([2, -1, 0, -1, 1, -1])), try plain.evaluate(batch(labels)))
    let second = whole.loss - masked.loss
    let expected = 0.5 * masked.loss + 2.5 * second
    #expect(abs(try weighted.evaluate(batch(labels)).loss - expected) < 1e-9)
    _ = try plain.step(batch(labels))
    _ = try weighted.step(batch(labels))
    for (head, factor) in [(0, Float(0.5)), (1, 2.5)] {
      let (a, b) = (try one.gradients[head].array(of: Float.self), try other.gradients[head].array(of: Float.self))
      for (a, b) in zip(a, b) { #expect(abs(a * factor - b) < 1e-6) }
    }
  }

  @Test func aWeightOfNoTaskIsRefused() throws {
    let misspelt = #expect(throws: PluginError.self) {
      try begun(trainer(#""task-weights":{"secnd":2}"#), TwoTaskModel(), run())
    }
    #expect(misspelt?.message.contains("'secnd'") == true && misspelt?.hint?.contains("first, second") == true)
    let negative = #expect(throws: PluginError.self) {
      try begun(trainer(#""task-weights":{"second":-1}"#), TwoTaskModel(), run())
    }
    #expect(negative?.message.contains("-1") == true)
    #expect(throws: PluginError.self) {
      try begun(trainer(#""task-weights":{"second":0,"first":0}"#), TwoTaskModel(), run())
    }
  }

  /// Only the balanced task's classes come equally often: the other's are still weighed.
  @Test func classWeightsStayForTheTasksThatAreNotBalanced() throws {
    func weighs(_ balanced: String?) throws -> [Bool] {
      let trainer = try trainer(#""class-weights":"auto""#)
      try begun(trainer, TwoTaskModel(), run(second: [2, 8], balancedTask: balanced))
      return try trainer.started().heads.map { $0.criterion.classWeights != nil }
    }
    #expect(try weighs(nil) == [true, true])
    #expect(try weighs("first") == [false, true])
    #expect(try weighs("second") == [true, false])
  }

  @Test func theLossCanBeWhatIsJudged() throws {
    let trainer = try trainer(#""monitor":"loss""#)
    #expect(try trainer.endEpoch(0, metrics: ["val_acc": 50, "val_loss": 1]).best)
    #expect(try trainer.endEpoch(1, metrics: ["val_acc": 40, "val_loss": 0.9]).best)
    #expect(try !trainer.endEpoch(2, metrics: ["val_acc": 90, "val_loss": 0.95]).best)
    let decision = try trainer.endEpoch(3, metrics: ["val_acc": 91, "val_loss": .nan])
    #expect(decision.stop && !decision.best)
    #expect(decision.reason == "no better validation loss for 2 epochs; the best was in epoch 2")
    #expect(throws: PluginError.self) { try trainer.endEpoch(4, metrics: ["val_acc": 91]) }
  }

  @Test func warmRestartsFollowTheirOptions() throws {
    let trainer = try trainer(
      #""restart-period":2,"restart-multiplier":3,"min-lr":0"#, schedule: "cosine-warm-restarts")
    try trainer.begin(TwoTaskModel(), run: run())
    let rates = try (0..<9).map { epoch in
      try trainer.beginEpoch(epoch)
      return trainer.learningRate
    }
    #expect(rates[0] == 0.1 && abs(rates[1] - 0.05) < 1e-12 && rates[2] == 0.1 && abs(rates[5] - 0.05) < 1e-12)
    #expect(rates[8] == 0.1)
  }

  /// The rates that the steps of a run have; four steps an epoch.
  private func rates(_ trainer: SupervisedTrainer, epochs: Int) throws -> [Double] {
    try trainer.begin(TwoTaskModel(), run: run(epochs: epochs))
    return try (0..<epochs).flatMap { epoch in
      try trainer.beginEpoch(epoch)
      let rates = try (0..<4).map { step in
        var batch = batch([2, 1, 0, 1, 1, 0])
        (batch.epoch, batch.step) = (epoch, 4 * epoch + step)
        return try trainer.step(batch).learningRate
      }
      _ = try trainer.endEpoch(epoch, metrics: ["val_acc": 1, "val_loss": 1])
      return rates
    }
  }

  @Test func aWarmUpRisesWithEveryStepAndThenTheScheduleBegins() throws {
    let changes = #""warm-up-epochs":1,"warm-up-start":0.2,"step-period":2,"step-factor":0.5"#
    let ours = try rates(try trainer(changes, schedule: "step"), epochs: 5)
    let expected = [0.02, 0.04, 0.06, 0.08] + [0.1, 0.1, 0.05, 0.05].flatMap { [$0, $0, $0, $0] }
    for (ours, expected) in zip(ours, expected) { #expect(abs(ours - expected) < 1e-12) }
    // The plateau's patience begins after it, too.
    let plateau = #""monitor":"loss","plateau-factor":0.1,"plateau-patience":1,"warm-up-epochs":2,"warm-up-start":0"#
    let slow = try rates(try trainer(plateau, schedule: "reduce-on-plateau"), epochs: 6)
    #expect(slow[0] == 0 && abs(slow[4] - 0.05) < 1e-12 && slow[8..<20].allSatisfy { $0 == 0.1 })
    #expect(abs(slow[20] - 0.01) < 1e-12)
    // A short trial may end with the warm-up.
    let short = try rates(try trainer(#""warm-up-epochs":1,"warm-up-start":0.2"#, schedule: "cosine"), epochs: 1)
    for (ours, expected) in zip(short, [0.02, 0.04, 0.06, 0.08]) { #expect(abs(ours - expected) < 1e-12) }
    #expect(throws: PluginError.self) { try rates(try trainer(#""warm-up-epochs":6"#, schedule: "cosine"), epochs: 5) }
    #expect(throws: PluginError.self) { try rates(try trainer(changes, schedule: "one-cycle"), epochs: 5) }
  }

  @Test func oneCycleSpansTheStepsOfTheRun() throws {
    let ours = try rates(try trainer("", schedule: "one-cycle"), epochs: 5)
    #expect(ours.count == 20 && abs(ours[0] - 0.004) < 1e-12 && abs(ours[5] - 0.1) < 1e-12)
    #expect(abs(try #require(ours.last) - 4e-7) < 1e-12 && zip(ours[5...], ours[6...]).allSatisfy { $0 > $1 })
  }

  @Test func aPlateauLowersTheRateAndIsTakenUpAgain() throws {
    func make() throws -> SupervisedTrainer {
      let trainer = try self.trainer(
        #""monitor":"loss","plateau-factor":0.1,"plateau-patience":1,"patience":0"#, schedule: "reduce-on-plateau")
      try trainer.begin(TwoTaskModel(), run: run())
      return trainer
    }
    let losses = [1.0, 0.5, 0.6, 0.7, 0.5, 0.5, 0.4, 0.41, 0.42, 0.43]
    func rates(_ trainer: inout SupervisedTrainer, restoredAt cut: Int?) throws -> [Double] {
      var rates: [Double] = []
      for (epoch, loss) in losses.enumerated() {
        if epoch == cut {
          let state = trainer.save()
          trainer = try make()
          try trainer.restore(try JSON.decode(from: JSON.text(state), what: "state"))
          #expect(trainer.save() == state)
        }
        try trainer.beginEpoch(epoch)
        rates.append(trainer.learningRate)
        _ = try trainer.endEpoch(epoch, metrics: ["val_acc": 1, "val_loss": loss])
      }
      return rates
    }
    var trainer = try make()
    let whole = try rates(&trainer, restoredAt: nil)
    #expect(whole[3] == 0.1 && abs(whole[4] - 0.01) < 1e-15 && abs(whole[9] - 0.001) < 1e-15)
    for cut in 1..<losses.count {
      trainer = try make()
      #expect(try rates(&trainer, restoredAt: cut) == whole, "cut at \(cut)")
    }
  }

  // MARK: Calibration

  private func answers(count: Int, sharpness: Float, temperature: Float) -> Answers {
    var (targets, logits): ([Int64], [[Float]]) = ([], [[], []])
    for index in 0..<count {
      let right = Int64((index * 7) % 3)
      targets += [right, -1]
      // Three of four are judged rightly, all with the same confidence.
      let said = index % 4 == 0 ? (right + 1) % 3 : right
      logits[0] += (0..<3).map { ($0 == said ? sharpness : 0) / temperature }
      logits[1] += [1, 0]
    }
    return Answers(
      targets: Tensor([count, 2], targets), logits: [Tensor([count, 3], logits[0]), Tensor([count, 2], logits[1])])
  }

  @Test func calibrationMakesConfidenceMeetAccuracy() throws {
    let (trainer, model) = (try trainer(#""calibrate":true"#), TwoTaskModel(temperature: 1.5))
    try trainer.begin(model, run: run())
    #expect(trainer.calibrates)
    let report = try trainer.calibrate(
      fitting: answers(count: 80, sharpness: 9, temperature: 1.5),
      judging: answers(count: 40, sharpness: 9, temperature: 1.5))
    // e^(9/T) / (e^(9/T) + 2) = 3/4.
    let exact = 9 / log(6.0)
    let fitted = try #require(try model.temperatureBuffer?.array(of: Float.self).first)
    #expect(abs(Double(fitted) - exact) < 1e-4)
    #expect(report["before"]?["temperature"]?.doubleValue == 1.5)
    #expect(report["after"]?["temperature"]?.doubleValue == Double(fitted))
    let (before, after) = (
      try #require(report["before"]?["expected_calibration_error"]?.doubleValue),
      try #require(report["after"]?["expected_calibration_error"]?.doubleValue)
    )
    let confidence = exp(6.0) / (exp(6.0) + 2)
    #expect(abs(before - (confidence - 0.75)) < 1e-5 && after < 1e-4)
    #expect(report["fitted_on"]?.intValue == 80 && report["judged_on"]?.intValue == 40)
    #expect(report["before"]?["expected_calibration_error_by_task"]?.objectValue?.keys.sorted() == ["first"])
    #expect(report["summary"]?.stringValue?.hasPrefix("temperature 1.500 → 5.023, fitted on 80") == true)
  }

  /// - Parameters:
  ///   - wrong: of so many samples one is judged wrongly; 0: none, 1: all.
  private func answers(count: Int, wrong: Int, sharpness: Float = 3) -> Answers {
    var (targets, logits): ([Int64], [Float]) = ([], [])
    for index in 0..<count {
      let right = index % 3
      targets += [Int64(right), -1]
      let said = wrong > 0 && index % wrong == 0 ? (right + 1) % 3 : right
      logits += (0..<3).map { ($0 == said ? sharpness : 0) / 1.5 }
    }
    return Answers(
      targets: Tensor([count, 2], targets),
      logits: [Tensor([count, 3], logits), Tensor([count, 2], [Float](repeating: 0, count: 2 * count))])
  }

  struct Unborne: Sendable {
    /// How many answers each half has, and of how many one is wrong.
    var fitting, judging: (count: Int, wrong: Int)
    var fitted: Double?
    var says: String
  }

  @Test(arguments: [
    // Without a mistake ever sharper answers are better, with mistakes alone ever flatter ones.
    Unborne(fitting: (80, 0), judging: (40, 0), fitted: 0.01, says: "ended at its bound, 0.010"),
    Unborne(fitting: (80, 1), judging: (40, 1), fitted: 100, says: "ended at its bound, 100.000"),
    // Fitted on sure answers, judged on others: e^(3/T) / (e^(3/T) + 2) = 78/80.
    Unborne(
      fitting: (80, 40), judging: (40, 2), fitted: 3 / log(78),
      says: "raises the negative log likelihood of the other 40"),
    Unborne(fitting: (29, 4), judging: (40, 4), says: "29 labelled validation samples to fit it and 40"),
    Unborne(fitting: (80, 4), judging: (12, 4), says: "each half needs 30"),
  ])
  func aTemperatureThatTheSamplesDoNotBearOutIsNotTaken(_ example: Unborne) throws {
    let (trainer, model) = (try trainer(#""calibrate":true"#), TwoTaskModel(temperature: 1.5))
    try trainer.begin(model, run: run())
    let report = try trainer.calibrate(
      fitting: answers(count: example.fitting.count, wrong: example.fitting.wrong),
      judging: answers(count: example.judging.count, wrong: example.judging.wrong))
    #expect(try model.temperatureBuffer?.array(of: Float.self) == [1.5])
    #expect(report["is_applied"] == false && report["is_at_bound"] == .bool(example.says.contains("bound")))
    #expect(report["after"] == report["before"] && report["after"]?["temperature"]?.doubleValue == 1.5)
    let summary = try #require(report["summary"]?.stringValue)
    #expect(summary.hasPrefix("temperature 1.500 is kept: ") && summary.contains(example.says), "\(summary)")
    if let fitted = example.fitted {
      #expect(abs(try #require(report["fitted_temperature"]?.doubleValue) / fitted - 1) < 1e-4)
    } else {
      #expect(report["fitted_temperature"] == .null)
    }
  }

  @Test func aTemperatureThatHelpsIsTaken() throws {
    let (trainer, model) = (try trainer(#""calibrate":true"#), TwoTaskModel(temperature: 1.5))
    try trainer.begin(model, run: run())
    let report = try trainer.calibrate(
      fitting: answers(count: 30, wrong: 4), judging: answers(count: 30, wrong: 4))
    let taken = try #require(try model.temperatureBuffer?.array(of: Float.self).first)
    #expect(taken != 1.5 && report["is_applied"] == true && report["reason"] == .null)
    #expect(report["fitted_temperature"]?.doubleValue == Double(taken))
  }

  @Test func aModelWithoutTemperatureIsRefusedBeforeTraining() throws {
    let error = #expect(throws: PluginError.self) {
      try trainer(#""calibrate":true"#).begin(TwoTaskModel(), run: run())
    }
    #expect(error?.message.contains("no temperature") == true)
    try trainer().begin(TwoTaskModel(), run: run())
  }
}
