import Testing
@testable import SentryInference

/// `extract --fps`: which frames are taken.
@Suite struct FrameSamplerTests {
  private func taken(_ times: [Double], rate: Double?) -> (taken: [Int], ticksWithoutFrame: Int) {
    var sampler = FrameSampler<Int>(rate: rate)
    var verdicts = times.enumerated().compactMap { sampler.next($0, at: $1) }
    if let last = sampler.finish() { verdicts.append(last) }
    // Every frame once and in order, taken or not.
    #expect(verdicts.map(\.frame) == Array(times.indices))
    return (verdicts.filter(\.isTaken).map(\.frame), sampler.ticksWithoutFrame)
  }

  @Test func withoutARateEveryFrameIsTakenAtOnce() {
    var sampler = FrameSampler<Int>(rate: nil)
    #expect(sampler.next(7, at: 1)?.isTaken == true)
    #expect(sampler.finish() == nil)
  }

  /// 30 per second to 10: every third, by rounded times as containers have them.
  @Test func aThirdOfTheFrames() {
    let times = (0..<31).map { (Double($0) / 30 * 90_000).rounded() / 90_000 }
    #expect(taken(times, rate: 10).taken == Array(stride(from: 0, through: 30, by: 3)))
  }

  @Test func theSameRateTakesEveryFrame() {
    let times = (0..<100).map { (Double($0) * 1001 / 30_000 * 1000).rounded() / 1000 }
    let result = taken(times, rate: 30_000.0 / 1001)
    #expect(result.taken == Array(0..<100))
    #expect(result.ticksWithoutFrame == 0)
  }

  /// 10 per second asked for 30: nothing is invented.
  @Test func noFrameIsTakenTwice() {
    let result = taken([0, 0.1, 0.2], rate: 30)
    #expect(result.taken == [0, 1, 2])
    #expect(result.ticksWithoutFrame == 4)
  }

  /// The clock begins with the first frame, which may have a negative time; a pause has no frames.
  @Test func variableRate() {
    // Ticks at -0.5, 0, 0.5, 1, 1.5, 2: the nearest are 0; 2; 3 (0.4 rather than 2); 3 again; none; 4.
    let result = taken([-0.5, -0.3, 0.1, 0.4, 2], rate: 2)
    #expect(result.taken == [0, 2, 3, 4])
    #expect(result.ticksWithoutFrame == 2)
  }

  @Test func ofTwoEquallyNearTheEarlierIsTaken() {
    #expect(taken([0, 0.75, 1.25, 2], rate: 1).taken == [0, 1, 3])
  }

  @Test(arguments: [[], [3.0]]) func shortSources(times: [Double]) {
    #expect(taken(times, rate: 5).taken == Array(times.indices))
  }

  @Test func absurdTimesDoNotTrap() {
    _ = taken([0, 1e300], rate: 1000)
  }
}
