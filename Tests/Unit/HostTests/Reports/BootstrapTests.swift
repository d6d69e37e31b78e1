import SentryPluginAPI
import Testing
@testable import SentryInference

@Suite struct BootstrapTests {
  private static func predictions(right: Int, wrong: Int) -> TaskPredictions {
    let count = right + wrong
    return TaskPredictions(
      ClassificationTask("t", classes: ["a", "b"]), truth: (0..<count).map { $0 % 2 },
      predicted: (0..<count).map { $0 < right ? $0 % 2 : 1 - $0 % 2 },
      probabilities: [Double](repeating: 0.5, count: count * 2))
  }

  @Test func quantilesInterpolate() {
    let values = [0.0, 10, 20, 30, 40]
    #expect(Bootstrap.quantile(0, ofSorted: values) == 0)
    #expect(Bootstrap.quantile(0.5, ofSorted: values) == 20)
    #expect(Bootstrap.quantile(0.1, ofSorted: values) == 4)
    #expect(Bootstrap.quantile(1, ofSorted: values) == 40)
    // 0.025 · 4 = 0.1 of the way from 0 to 10.
    let interval = Bootstrap.interval(of: [40, 0, 30, 10, 20])
    #expect(abs(interval.low - 1) < 1e-12 && abs(interval.high - 39) < 1e-12)
  }

  /// Hits among 10 draws of 8 right and 2 wrong are binomial (10, 0.8): P(≤ 4) = 0.0064, P(≤ 5) = 0.0328 and P(≤ 9) = 0.893, so
  /// that the middle 95 % go from 5 to 10 hits.
  @Test func theIntervalIsTheBinomials() throws {
    let bootstrap = try #require(Bootstrap(Self.predictions(right: 8, wrong: 2), samples: 20_000, seed: 1))
    #expect(bootstrap.intervals["accuracy"] == .init(low: 0.5, high: 1))
    let weighted = try #require(bootstrap.intervals["f1_weighted"])
    #expect(weighted.low < 0.8 && weighted.high > 0.8)
  }

  @Test func onlyRightAnswersHaveNoSpread() throws {
    let bootstrap = try #require(Bootstrap(Self.predictions(right: 40, wrong: 0), samples: 200, seed: 1))
    #expect(bootstrap.intervals["accuracy"] == .init(low: 1, high: 1))
    #expect(bootstrap.intervals["f1_macro"] == .init(low: 1, high: 1))
    #expect(bootstrap.intervals["cohen_kappa"] == .init(low: 1, high: 1))
  }

  @Test func theSeedDecides() {
    let predictions = Self.predictions(right: 61, wrong: 39)
    func interval(_ seed: UInt64) -> Bootstrap? { Bootstrap(predictions, samples: 100, seed: seed) }
    #expect(interval(1) == interval(1))
    #expect(interval(1)?.intervals != interval(2)?.intervals)
  }

  @Test func withoutDrawsOrSamplesThereIsNone() {
    #expect(Bootstrap(Self.predictions(right: 3, wrong: 0), samples: 0, seed: 1) == nil)
    #expect(Bootstrap(Self.predictions(right: 0, wrong: 0), samples: 10, seed: 1) == nil)
  }
}
