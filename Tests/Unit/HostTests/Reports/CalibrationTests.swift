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

  @Test func anUpperEdgeBelongsToItsBin() {
    let calibration = Self.calibration([(0.5, true), (0.75, true), (0.7500001, true)], bins: 4)
    #expect(calibration.bins.map(\.count) == [0, 1, 1, 1])
  }

  @Test func aSureAndRightModelHasNoError() {
    #expect(Self.calibration([(1, true), (1, true)], bins: 15).expectedError == 0)
    #expect(Self.calibration([(1, false)], bins: 15).expectedError == 1)
  }
}
