import Foundation
import SentryNN
import Testing

/// What Fixtures/make_training.py stored.
private struct TrainingFixture: Decodable {
  struct Cosine: Decodable {
    let base, minimum: Double
    let period: Int
    let multiplier: Int?
    let rates: [Double]
  }
  struct Plateau: Decodable {
    let mode: String
    let base, factor, minimum: Double
    let patience: Int
    let values, rates: [Double]
  }
  struct Calibration: Decodable {
    struct Task: Decodable {
      let classes: Int
      let logits: [Float]
      let targets: [Int32]
    }
    let tasks: [Task]
    let temperature, nll: Double
    let errorsBefore, errorsAfter: [Double]
  }
  struct Step: Decodable {
    let base, factor: Double
    let period: Int
    let rates: [Double]
  }
  struct OneCycle: Decodable {
    let peak, rise: Double
    let steps: Int
    let rates: [Double]
  }
  struct Rise: Decodable {
    let base, start, minimum: Double
    let epochs, stepsPerEpoch, total: Int
    let rates: [Double]
  }
  let cosine, restarts: [Cosine]
  let steps: [Step]
  let oneCycle: [OneCycle]
  let warmUp: [Rise]
  let plateau: [Plateau]
  let calibration: [Calibration]

  static func read() throws -> TrainingFixture {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/training.json")
    return try JSONDecoder().decode(TrainingFixture.self, from: Data(contentsOf: file))
  }
}

/// The rates of torch.optim.lr_scheduler, stepped once an epoch.
@Suite struct ScheduleGoldenTests {
  @Test func cosineAnnealing() throws {
    for golden in try TrainingFixture.read().cosine {
      let schedule = CosineSchedule(
        base: golden.base, minimum: golden.minimum, period: golden.period)
      for (epoch, rate) in golden.rates.enumerated() {
        #expect(abs(schedule.rate(epoch: epoch, step: 0) - rate) < 1e-12 + 1e-9 * rate, "epoch \(epoch)")
      }
    }
  }

  @Test func cosineWarmRestarts() throws {
    for golden in try TrainingFixture.read().restarts {
      let multiplier = try #require(golden.multiplier)
      let schedule = CosineRestartsSchedule(
        base: golden.base, minimum: golden.minimum, period: golden.period, multiplier: multiplier)
      for (epoch, rate) in golden.rates.enumerated() {
        #expect(abs(schedule.rate(epoch: epoch, step: 0) - rate) < 1e-12, "epoch \(epoch)")
      }
    }
    let long = CosineRestartsSchedule(base: 1, minimum: 0, period: 10, multiplier: 1000)
    #expect(long.rate(epoch: .max, step: 0).isFinite)
  }

  @Test func step() throws {
    for golden in try TrainingFixture.read().steps {
      let schedule = StepSchedule(base: golden.base, factor: golden.factor, period: golden.period)
      for (epoch, rate) in golden.rates.enumerated() {
        #expect(abs(schedule.rate(epoch: epoch, step: 0) - rate) < 1e-12 * rate, "epoch \(epoch)")
      }
    }
  }

  @Test func oneCycle() throws {
    for golden in try TrainingFixture.read().oneCycle {
      let schedule = OneCycleSchedule(peak: golden.peak, steps: golden.steps, rise: golden.rise)
      for (step, rate) in golden.rates.enumerated() {
        #expect(abs(schedule.rate(epoch: 0, step: step) - rate) < 1e-12, "step \(step) of \(golden.steps)")
      }
      let last = try #require(golden.rates.last)
      #expect(abs(schedule.rate(epoch: 0, step: golden.steps + 5) - last) < 1e-12, "past the end it stays")
    }
  }

  @Test func warmUp() throws {
    for golden in try TrainingFixture.read().warmUp {
      let schedule = WarmUp(
        CosineSchedule(base: golden.base, minimum: golden.minimum, period: golden.total - golden.epochs),
        epochs: golden.epochs, stepsPerEpoch: golden.stepsPerEpoch, start: golden.start)
      #expect(golden.rates.count == golden.total * golden.stepsPerEpoch)
      for (step, rate) in golden.rates.enumerated() {
        #expect(abs(schedule.rate(epoch: step / golden.stepsPerEpoch, step: step) - rate) < 1e-12, "step \(step)")
      }
    }
  }

  @Test func reduceOnPlateau() throws {
    for golden in try TrainingFixture.read().plateau {
      var schedule = PlateauSchedule(
        rate: golden.base, factor: golden.factor, patience: golden.patience, minimum: golden.minimum,
        lowerIsBetter: golden.mode == "min")
      for (epoch, value) in golden.values.enumerated() {
        #expect(abs(schedule.rate - golden.rates[epoch]) <= 1e-12 * golden.rates[epoch], "epoch \(epoch)")
        schedule.observe(value)
      }
      let last = try #require(golden.rates.last)
      #expect(abs(schedule.rate - last) <= 1e-12 * last)
    }
  }

  @Test func whatIsNoNumberIsNoImprovement() {
    var schedule = PlateauSchedule(rate: 1, factor: 0.5, patience: 0, minimum: 0, lowerIsBetter: true)
    schedule.observe(.nan)
    #expect(schedule.best == nil && schedule.rate == 0.5)
  }
}

/// A temperature that PyTorch fitted in double precision, and NumPy's expected calibration error.
@Suite struct CalibrationGoldenTests {
  private func sets(_ golden: TrainingFixture.Calibration) throws -> [LabelledLogits] {
    try golden.tasks.map { try LabelledLogits(logits: $0.logits, targets: $0.targets, classes: $0.classes) }
  }

  @Test func theTemperatureIsPyTorchs() throws {
    for golden in try TrainingFixture.read().calibration {
      let sets = try sets(golden)
      let fit = try TemperatureScaling.fit(sets)
      #expect(abs(fit.temperature - golden.temperature) < 1e-6 * golden.temperature && !fit.isAtBound)
      #expect(fit.iterations < 60)
      let nll = try #require(TemperatureScaling.negativeLogLikelihood(sets, temperature: fit.temperature))
      #expect(abs(nll - golden.nll) < 1e-9)
      // It is the least: any other temperature is worse.
      for factor in [0.99, 1.01] {
        let other = TemperatureScaling.negativeLogLikelihood(sets, temperature: fit.temperature * factor)
        #expect(try #require(other) > nll)
      }
    }
  }

  @Test func theExpectedCalibrationErrorIsNumPys() throws {
    for golden in try TrainingFixture.read().calibration {
      for (temperature, errors) in [(1.0, golden.errorsBefore), (golden.temperature, golden.errorsAfter)] {
        for (set, error) in zip(try sets(golden), errors) {
          let ours = try #require(CalibrationError.expected(set, temperature: temperature))
          #expect(abs(ours - error) < 1e-9)
        }
      }
    }
  }

  @Test func whatHasNoBestTemperatureEndsAtTheBounds() throws {
    let right = try LabelledLogits(logits: [2, 0, 0, 3], targets: [0, 1], classes: 2)
    let wrong = try LabelledLogits(logits: [2, 0, 0, 3], targets: [1, 0], classes: 2)
    let (sharpest, flattest) = (try TemperatureScaling.fit([right]), try TemperatureScaling.fit([wrong]))
    #expect(sharpest.temperature == 0.01 && sharpest.isAtBound)
    #expect(flattest.temperature == 100 && flattest.isAtBound)
    let none = try LabelledLogits(logits: [2, 0], targets: [-1], classes: 2)
    #expect(throws: NNError.self) { try TemperatureScaling.fit([none]) }
    #expect(CalibrationError.expected(none, temperature: 1) == nil)
    #expect(throws: NNError.self) {
      try TemperatureScaling.fit([try LabelledLogits(logits: [.nan, 0], targets: [0], classes: 2)])
    }
    #expect(throws: NNError.self) { try LabelledLogits(logits: [1, 2], targets: [2], classes: 2) }
    #expect(throws: NNError.self) { try LabelledLogits(logits: [1, 2, 3], targets: [0], classes: 2) }
  }
}
