import Glibc
import SentryPluginAPI
import Testing
@testable import SentryInference

/// Metrics on cases that can be counted by hand. That they are scikit-learn's is for the integration tests.
@Suite struct MetricsTests {
  private static let task = ClassificationTask("t", classes: ["a", "b", "c"])

  /// Truth and answers; every answer is given with the same confidence.
  private static func predictions(_ pairs: [(Int?, Int)], confidence: Double = 0.8) -> TaskPredictions {
    let rest = (1 - confidence) / 2
    return TaskPredictions(
      task, truth: pairs.map(\.0), predicted: pairs.map(\.1),
      probabilities: pairs.flatMap { pair in (0..<3).map { $0 == pair.1 ? confidence : rest } })
  }
  /// a: 2 of 3 found; b: 1 of 2 found, and predicted 2 times; c never occurs and is predicted once; one without a label.
  private static let small = predictions([(0, 0), (0, 0), (0, 1), (1, 1), (1, 2), (nil, 0)])

  @Test func confusionCountsWhatHasALabel() {
    let matrix = ConfusionMatrix(Self.small)
    #expect(matrix.rows == [[2, 1, 0], [0, 1, 1], [0, 0, 0]])
    #expect(matrix.total == 5)
    #expect(matrix.normalisedRows[1] == [0, 0.5, 0.5])
    #expect(matrix.normalisedRows[2] == nil)
  }

  /// Of many classes only the cells that occur are kept, and all is as with few.
  @Test func manyClasses() {
    var (few, many) = (ConfusionMatrix(classCount: 3), ConfusionMatrix(classCount: 300))
    for (truth, predicted) in [(0, 0), (1, 2), (0, 0), (0, 1), (1, 1)] {
      few.add(truth: truth, predicted: predicted)
      many.add(truth: truth, predicted: predicted)
    }
    for matrix in [few, many] {
      #expect(
        matrix.cells.map { [$0.truth, $0.predicted, $0.count] } == [[0, 0, 2], [0, 1, 1], [1, 1, 1], [1, 2, 1]])
    }
    #expect(few.accuracy == many.accuracy && few.balancedAccuracy == many.balancedAccuracy)
    #expect(few.cohenKappa == many.cohenKappa && few.matthewsCorrelation == many.matthewsCorrelation)
  }

  @Test func accuracies() throws {
    let matrix = ConfusionMatrix(Self.small)
    #expect(matrix.accuracy == 0.6)
    // c does not occur: (2/3 + 1/2) / 2.
    let balanced = try #require(matrix.balancedAccuracy)
    #expect(abs(balanced - 7 / 12) < 1e-15)
  }

  @Test func kappaIsAgreementBeyondChance() throws {
    // Observed 3/5; by chance (3·2 + 2·2 + 0·1) / 25 = 10/25: (0.6 − 0.4) / (1 − 0.4) = 1/3.
    let kappa = try #require(ConfusionMatrix(Self.small).cohenKappa)
    #expect(abs(kappa - 1 / 3) < 1e-15)
    #expect(ConfusionMatrix(Self.predictions([(0, 0), (0, 0)])).cohenKappa == nil)
  }

  @Test func matthewsIsTheCorrelationOfTruthAndAnswers() throws {
    // Right 3 of 5; supports 3, 2, 0; answers 2, 2, 1: (3·5 − 10) / √((25 − 13)(25 − 9)).
    let value = try #require(ConfusionMatrix(Self.small).matthewsCorrelation)
    #expect(abs(value - 5 / (12.0 * 16).squareRoot()) < 1e-15)
    #expect(ConfusionMatrix(Self.predictions([(0, 0), (1, 0)])).matthewsCorrelation == nil)
    #expect(ConfusionMatrix(Self.predictions([(0, 1), (1, 0)])).matthewsCorrelation == -1)
  }

  @Test func scoresOfClasses() {
    let scores = ConfusionMatrix(Self.small).classScores
    #expect(scores[0] == ClassScores(precision: 1, recall: 2.0 / 3, f1: 0.8, support: 3))
    #expect(scores[1] == ClassScores(precision: 0.5, recall: 0.5, f1: 0.5, support: 2))
    #expect(scores[2] == ClassScores(precision: 0, recall: 0, f1: 0, support: 0))
    #expect(abs(scores.macro.f1 - 1.3 / 3) < 1e-15)
    #expect(abs(scores.weighted.f1 - (3 * 0.8 + 2 * 0.5) / 5) < 1e-15)
    #expect(scores.macro.support == 5)
  }

  @Test func curvesCrossEqualProbabilitiesAtOnce() throws {
    // Class a with 0.9 (right), 0.5 (right), 0.5 (wrong), 0.2 (wrong).
    let chances = [0.9, 0.5, 0.5, 0.2]
    let predictions = TaskPredictions(
      ClassificationTask("t", classes: ["a", "b"]), truth: [0, 0, 1, 1], predicted: [0, 0, 0, 1],
      probabilities: chances.flatMap { [$0, 1 - $0] })
    let counts = ThresholdCounts(predictions, label: 0)
    #expect(
      counts.points == [
        .init(truePositives: 1, falsePositives: 0), .init(truePositives: 2, falsePositives: 1),
        .init(truePositives: 2, falsePositives: 2),
      ])
    let roc = try #require(ROCCurve(counts))
    // (0,0) (0,½) (½,1) (1,1): ½·¾ + ½·1.
    #expect(roc.area == 0.875)
    let curve = try #require(PrecisionRecallCurve(counts))
    #expect(abs(curve.averagePrecision - (0.5 * 1 + 0.5 * 2 / 3)) < 1e-15)
  }

  @Test func aClassThatDoesNotOccurHasNoCurves() {
    let counts = ThresholdCounts(Self.small, label: 2)
    #expect(ROCCurve(counts) == nil)
    #expect(PrecisionRecallCurve(counts) == nil)
    let all = ThresholdCounts(Self.predictions([(0, 0), (0, 1)]), label: 0)
    #expect(ROCCurve(all) == nil)
    #expect(PrecisionRecallCurve(all) == nil)
  }

  /// A number that the data cannot define is none, in every metric that there is.
  @Test func whatTheDataDoNotDefineIsNull() throws {
    func metrics(_ pairs: [(Int?, Int)]) -> TaskMetrics {
      TaskMetrics(Self.predictions(pairs), bootstrapSamples: 3, seed: 1)
    }
    let unlabelled = metrics([(nil, 0), (nil, 2)])
    for metric in Metric.all {
      #expect(unlabelled[metric] == nil && unlabelled.json[metric.key] == .null, "\(metric.key)")
    }
    #expect(unlabelled.json["calibration"] == .null && unlabelled.json["bootstrap"] == .null)
    // One class in truth, never answered: an average precision of 1 would say that all is well.
    let constant = metrics([(1, 0), (1, 2), (1, 0)])
    #expect(constant[.accuracy] == 0 && constant[.averagePrecision] == nil && constant[.rocArea] == nil)
    #expect(constant.absentClasses == ["a", "c"])
    #expect(CurveFigures.precisionRecall(constant, name: "p") == nil && CurveFigures.roc(constant, name: "r") == nil)
    #expect(Markup.methods([constant]).html.contains("No sample is of &#39;a&#39;, &#39;c&#39;"))
    #expect(Set(Metric.all.map(\.key)).count == Metric.all.count)
  }

  @Test func theFirstOfTheLargestCounts() {
    #expect(argmax([1, 3, 2, 3]) == 1 && argmax([Float]()) == 0 && argmax([5, 7, 9][1...]) == 1)
  }

  @Test func softmaxOfLargeLogitsIsFinite() {
    let predictions = TaskPredictions(
      Self.task, truth: [0, 1], logits: [1e30, 0, -1e30, 5, 5, 5 - Float(log(2.0))])
    #expect(predictions.predicted == [0, 0])
    #expect(Array(predictions.probabilities[0..<3]) == [1, 0, 0])
    #expect(zip(predictions.probabilities[3...], [0.4, 0.4, 0.2]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func theSurestMistakesComeFirst() {
    let chances = [0.6, 0.9, 0.7, 0.9]
    let predictions = TaskPredictions(
      ClassificationTask("t", classes: ["a", "b"]), truth: [1, 1, 0, 1], predicted: [0, 0, 0, 0],
      probabilities: chances.flatMap { [$0, 1 - $0] })
    #expect(predictions.mistakes(atMost: 2).map(\.sample) == [1, 3])
    #expect(predictions.mistakes(atMost: 9).map(\.sample) == [1, 3, 0])
    // One of each person; what is of nobody known is told.
    #expect(predictions.mistakes(atMost: 9, groups: [7, 7, 7, nil]).map(\.sample) == [1, 3])
  }
}
