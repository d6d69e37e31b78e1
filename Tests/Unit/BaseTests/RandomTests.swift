import SentryBase
import Testing

@Suite("Random numbers")
struct RandomTests {
  /// The first numbers of Vigna's splitmix64.c for seed 1234567.
  private static let published: [UInt64] = [
    6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
  ]

  @Test("SplitMix64 is the published generator")
  func reference() {
    var random = SplitMix64(seed: 1_234_567)
    #expect([random.next(), random.next(), random.next()] == Self.published)
  }

  @Test("Any number of a stream can be had without those before it")
  func counter() {
    #expect((1...3).map { SplitMix64.mix(1_234_567 &+ $0 &* SplitMix64.increment) } == Self.published)
  }

  @Test("Draws reach both ends of an integer range and stay inside")
  func integers() {
    var random = SplitMix64(seed: 1)
    #expect(Set((0..<1000).map { _ in random.uniform(-2...2) }) == Set(-2...2))
    #expect(random.uniform(5...5) == 5)
    #expect(random.permutation(50).sorted() == Array(0..<50))
  }

  @Test("Draws below a bound are uniform")
  func below() {
    var random = SplitMix64(seed: 9)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[random.below(7)] += 1 }
    // 10000 expected, sigma 93.
    #expect(counts.allSatisfy { abs($0 - 10_000) < 600 })
    #expect(random.below(1) == 0)
  }

  /// Data sets and runs that were made before must come out the same: computed once by an independent Python program.
  @Test("Every way of drawing gives the numbers that it gave")
  func streams() {
    var random = SplitMix64(seed: 42)
    #expect(random.permutation(8) == [5, 2, 3, 4, 1, 7, 6, 0])
    random = SplitMix64(seed: 42)
    var order = Array(0..<8)
    random.shuffle(&order)
    #expect(order == [4, 3, 2, 0, 7, 6, 1, 5])
    random = SplitMix64(seed: 42)
    #expect((0..<6).map { _ in random.below(1000) } == [741, 159, 278, 344, 38, 868])
    random = SplitMix64(seed: 42)
    #expect(
      (0..<3).map { _ in random.uniform(0.0...1) } == [0.7415648787718233, 0.1599103928769201, 0.27860113025513866])
  }
}
