import Testing

@testable import SentryInference

/// Against scipy and statsmodels; see ``ReferenceStatistics``.
@Suite struct ComparisonStatisticsTests {
  private func isClose(_ ours: Double?, _ theirs: Double?, relative: Double = 1e-9) -> Bool {
    guard let ours, let theirs else { return ours == nil && theirs == nil }
    return abs(ours - theirs) <= relative * abs(theirs) + 1e-15
  }

  @Test func mcNemarsTest() {
    for (first, other, p) in ReferenceStatistics.mcNemar {
      #expect(isClose(McNemarTest(onlyFirst: first, onlyOther: other).pValue, p), "\(first), \(other)")
      #expect(
        McNemarTest(onlyFirst: other, onlyOther: first).pValue == McNemarTest(onlyFirst: first, onlyOther: other).pValue
      )
    }
  }

  @Test func wilsonsInterval() throws {
    for (hits, count, low, high) in ReferenceStatistics.wilson {
      let interval = try #require(WilsonInterval.interval(ofShare: Double(hits) / Double(count), among: count))
      #expect(abs(interval.low - low) < 1e-12 && abs(interval.high - high) < 1e-12, "\(hits) of \(count)")
    }
    #expect(WilsonInterval.interval(ofShare: 0, among: 0) == nil)
  }

  @Test func holmsCorrection() {
    for (p, adjusted) in ReferenceStatistics.holm {
      for (ours, theirs) in zip(HolmCorrection.adjusted(p), adjusted) { #expect(isClose(ours, theirs)) }
    }
    #expect(HolmCorrection.adjusted([]).isEmpty)
  }

  @Test func theSmallestDifference() {
    for (discordance, count, difference) in ReferenceStatistics.smallestDifference {
      #expect(
        isClose(DetectableDifference.smallest(discordance: discordance, count: count), difference),
        "\(discordance), \(count)")
    }
  }

  @Test func theDeviation() {
    for (values, deviation) in ReferenceStatistics.deviation { #expect(isClose(SampleDeviation.of(values), deviation)) }
    #expect(SampleDeviation.of([0.5]) == nil)
  }

  /// Two bootstraps of 10,000 draws agree to a small part of the interval that they give.
  @Test func thePairedBootstrap() throws {
    for (seeds, wins, losses, count, isCrossed, low, high, p) in ReferenceStatistics.bootstrap {
      let row = [Int8](repeating: 1, count: wins) + [Int8](repeating: -1, count: losses)
      let padded = row + [Int8](repeating: 0, count: count - row.count)
      let all = (0..<seeds).map { seed in padded.indices.map { padded[($0 + count - 10 * seed) % count] } }
      let found = try #require(PairedBootstrap(wins: all, isCrossed: isCrossed, samples: 10_000, seed: 7))
      let limit = 0.05 * (high - low) + 1 / Double(count)
      #expect(
        abs(found.interval.low - low) < limit && abs(found.interval.high - high) < limit, "\(found) \(low) \(high)")
      #expect(abs(found.pValue - p) < 0.03, "\(found.pValue) \(p)")
      #expect(isClose(found.difference, Double(wins - losses) / Double(count)))
    }
  }

  @Test func equalAnswersShowNothing() throws {
    let found = try #require(
      PairedBootstrap(wins: [[0, 0, 0], [0, 0, 0]], isCrossed: true, samples: 100, seed: 1))
    #expect(found.difference == 0 && found.interval == .init(low: 0, high: 0) && found.pValue == 1)
    #expect(PairedBootstrap(wins: [], isCrossed: true, samples: 100, seed: 1) == nil)
    #expect(PairedBootstrap(wins: [[]], isCrossed: true, samples: 100, seed: 1) == nil)
    #expect(PairedBootstrap(wins: [[1]], isCrossed: true, samples: 0, seed: 1) == nil)
  }

  /// One seed that is far from the others widens the interval: seeds are drawn, too, not samples alone.
  @Test func seedsAreDrawn() throws {
    let better = [Int8](repeating: 1, count: 60) + [Int8](repeating: 0, count: 140)
    let none = [Int8](repeating: 0, count: 200)
    let one = try #require(PairedBootstrap(wins: [better], isCrossed: true, samples: 2000, seed: 1))
    let several = try #require(PairedBootstrap(wins: [better, none, none], isCrossed: true, samples: 2000, seed: 1))
    #expect(one.interval.low > 0.2 && one.pValue < 0.01)
    #expect(several.interval.low == 0 && several.pValue > 0.05)
  }

  @Test func theSeedDecides() {
    let wins: [[Int8]] = [[1, 0, -1, 1, 1, 0, -1], [0, 0, -1, 1, 1, 1, -1]]
    func draw(_ seed: UInt64) -> PairedBootstrap? {
      PairedBootstrap(wins: wins, isCrossed: false, samples: 500, seed: seed)
    }
    #expect(draw(3) == draw(3) && draw(3) != draw(4))
  }
}
