import Glibc
import SentryPluginAPI
import Testing
@testable import SentryInference

@Suite struct CalibrationTests {
  private static let task = ClassificationTask("t", classes: ["a", "b"])

  /// Answers "a" with each confidence, right where said.
  private static func calibration(_ answers: [(confidence: Double, isRight: Bool)], bins: Int) -> Calibration {
    Calibration(
      TaskPredictions(
        task, truth: answers.map { $0.isRight ? 0 : 1 }, predicted: answers.map { _ in 0 },
        probabilities: answers.flatMap { [$0.confidence, 1 - $0.confidence] }), binCount: bins)
  }

  @Test func theErrorIsTheMeanGapOfTheBins() {
    // (0.5, 0.75]: 0.6 wrong, 0.7 right: accuracy 0.5, confidence 0.65, gap 0.15.
    // (0.75, 1]: 0.8 right, 0.9 right, 1.0 wrong: accuracy 2/3, confidence 0.9, gap 7/30.
    let calibration = Self.calibration(
      [(0.6, false), (0.7, true), (0.8, true), (0.9, true), (1, false)], bins: 4)
    #expect(calibration.bins.map(\.count) == [0, 0, 2, 3])
    #expect(calibration.bins[0].accuracy == nil && calibration.bins[0].confidence == nil)
    #expect(abs((calibration.bins[3].confidence ?? 0) - 0.9) < 1e-15)
    #expect(abs(calibration.expectedError - (2 * 0.15 + 3 * 7 / 30) / 5) < 1e-15)
    #expect(abs(calibration.maximumError - 7 / 30) < 1e-15)
  }

  /// The logits of each view are those of a calibrated model, divided by its temperature: what is averaged are probabilities, so
  /// that two views which contradict each other cancel out, and sharper logits of one view do not outvote the other.
  @Test func viewsAreAveragedAsProbabilities() {
    let first: [Float] = [8, 0, 2, 0]
    let second: [Float] = [0, 1, 3, 0]
    let views = TaskPredictions(Self.task, truth: [0, 1], averaging: [first, second])
    let odds = { (difference: Double) in 1 / (1 + exp(-difference)) }
    #expect(abs(views.probability(of: 0, at: 0) - (odds(8) + odds(-1)) / 2) < 1e-12)
    #expect(abs(views.probability(of: 0, at: 1) - (odds(2) + odds(3)) / 2) < 1e-12)
    #expect(views.predicted == [0, 0])
    let one = TaskPredictions(Self.task, truth: [0, 1], averaging: [first])
    #expect(one.probabilities == TaskPredictions(Self.task, truth: [0, 1], logits: first).probabilities)
    let tied = TaskPredictions(Self.task, truth: [nil], averaging: [[3, 0], [0, 3]])
    #expect(tied.predicted == [0] && abs(tied.probability(of: 1, at: 0) - 0.5) < 1e-12)
  }

  @Test func anUpperEdgeBelongsToItsBin() {
    let calibration = Self.calibration([(0.5, true), (0.75, true), (0.7500001, true)], bins: 4)
    #expect(calibration.bins.map(\.count) == [0, 1, 1, 1])
  }

  @Test func aSureAndRightModelHasNoError() {
    #expect(Self.calibration([(1, true), (1, true)], bins: 15).expectedError == 0)
    #expect(Self.calibration([(1, false)], bins: 15).expectedError == 1)
  }
}
