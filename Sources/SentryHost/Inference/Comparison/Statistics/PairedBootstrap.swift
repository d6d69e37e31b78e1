import SentryRuntime

/// The difference of two models' accuracies with its 95 % interval and p-value by the paired percentile bootstrap (Efron 1979) over
/// samples and seeds: seeds are drawn again with replacement, and samples with them, each with the answers of both models.
package struct PairedBootstrap: Sendable, Equatable {
  /// Of the mean accuracies over the seeds: the other's less the first's.
  package let difference: Double
  package let interval: Bootstrap.Interval
  /// Two-sided: twice the share of draws on the other side of no difference, with the observation as one draw more.
  package let pValue: Double
  /// How many times was drawn.
  let sampleCount: Int

  /// - Parameters:
  ///   - wins: by seed, for each sample 1 where only the other model is right, −1 where only the first is, else 0.
  ///   - isCrossed: whether all seeds are about the same samples in the same order: these are then drawn together. Else each seed
  ///     that is drawn draws its own.
  /// - Returns: nil without draws, or where a seed has no samples.
  init?(wins: [[Int8]], isCrossed: Bool, samples sampleCount: Int, seed: UInt64) {
    guard sampleCount > 0, !wins.isEmpty, wins.allSatisfy({ !$0.isEmpty }) else { return nil }
    var generator = SplitMix64(seed: Seed.derive(seed, "paired bootstrap"))
    let draws = isCrossed ? Self.crossed(wins, sampleCount, &generator) : Self.nested(wins, sampleCount, &generator)
    let means = wins.map { wins in Double(wins.reduce(0) { $0 + Int($1) }) / Double(wins.count) }
    difference = means.reduce(0, +) / Double(means.count)
    interval = Bootstrap.interval(of: draws)
    let tail = min(draws.count { $0 <= 0 }, draws.count { $0 >= 0 })
    pValue = min(1, 2 * Double(tail + 1) / Double(sampleCount + 1))
    self.sampleCount = sampleCount
  }

  private static func crossed(_ wins: [[Int8]], _ sampleCount: Int, _ generator: inout SplitMix64) -> [Double] {
    let (seeds, count) = (wins.count, wins[0].count)
    // Samples with the same answers in all seeds weigh the same in a draw: few kinds stand for many samples.
    var kinds: [[Int8]: Int] = [:]
    let kindOf = (0..<count).map { sample -> Int in
      let answers = wins.map { $0[sample] }
      if let kind = kinds[answers] { return kind }
      let kind = kinds.count
      kinds[answers] = kind
      return kind
    }
    let answers = kinds.sorted { $0.value < $1.value }.map(\.key)
    return (0..<sampleCount).map { _ in
      var weights = [Int](repeating: 0, count: seeds)
      for _ in 0..<seeds { weights[generator.below(seeds)] += 1 }
      let values = answers.map { zip(weights, $0).reduce(0) { $0 + $1.0 * Int($1.1) } }
      var sum = 0
      for _ in 0..<count { sum += values[kindOf[generator.below(count)]] }
      return Double(sum) / Double(seeds * count)
    }
  }

  private static func nested(_ wins: [[Int8]], _ sampleCount: Int, _ generator: inout SplitMix64) -> [Double] {
    (0..<sampleCount).map { _ in
      var sum = 0.0
      for _ in wins {
        let answers = wins[generator.below(wins.count)]
        var won = 0
        for _ in answers { won += Int(answers[generator.below(answers.count)]) }
        sum += Double(won) / Double(answers.count)
      }
      return sum / Double(wins.count)
    }
  }
}
