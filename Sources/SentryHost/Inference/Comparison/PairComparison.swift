import SentryPluginAPI
import SentryRuntime

/// A model against the first one of a comparison, on one task.
package struct PairComparison: Sendable {
  package enum Verdict: String, Sendable {
    case better, worse
    case notShown = "no difference shown"
    /// What would be praised learned nothing; see ``TaskComparison/Score/hasLearned``.
    case withheld = "no verdict"
  }
  /// How a class fares, summed over the seeds.
  struct ClassBalance: Sendable, Equatable {
    var samples = 0
    /// Samples on which only this model is right, and only the first.
    var wins = 0
    var losses = 0
  }

  /// Of the models.
  let model: Int
  package let bootstrap: PairedBootstrap
  /// One for each seed.
  package let mcNemar: [McNemarTest]
  /// See ``DetectableDifference``.
  package let smallestDifference: Double?
  /// One for each class.
  let classes: [ClassBalance]
  let disagreements: [Disagreement]
  private let learned: (first: Bool, other: Bool)
  /// Corrected for the number of models; see ``HolmCorrection``.
  package fileprivate(set) var adjustedP: Double
  /// By seed.
  package fileprivate(set) var adjustedMcNemar: [Double]

  /// The level of every test.
  static let level = 0.05

  /// - Parameter learned: whether the first model and this one did; see ``TaskComparison/Score/hasLearned``.
  init?(_ answers: ComparedAnswers, model: Int, learned: (first: Bool, other: Bool), draws: Int, seed: UInt64) {
    let wins = answers.wins(of: model)
    guard let bootstrap = PairedBootstrap(wins: wins, isCrossed: answers.isCrossed, samples: draws, seed: seed) else {
      return nil
    }
    (self.model, self.learned, self.bootstrap, adjustedP) = (model, learned, bootstrap, bootstrap.pValue)
    mcNemar = wins.map { wins in
      McNemarTest(onlyFirst: wins.count { $0 < 0 }, onlyOther: wins.count { $0 > 0 })
    }
    adjustedMcNemar = mcNemar.map(\.pValue)
    let discordance = wins.map { wins in Double(wins.count { $0 != 0 }) / Double(wins.count) }
    smallestDifference = DetectableDifference.smallest(
      discordance: discordance.reduce(0, +) / Double(discordance.count), count: wins.map(\.count).min() ?? 0)
    var classes = answers.task.classes.map { _ in ClassBalance() }
    for (seed, truth) in answers.truth.enumerated() {
      for (sample, label) in truth.enumerated() {
        classes[label].samples += 1
        if wins[seed][sample] > 0 { classes[label].wins += 1 }
        if wins[seed][sample] < 0 { classes[label].losses += 1 }
      }
    }
    self.classes = classes
    disagreements = Disagreement.found(in: answers, model: model, wins: wins)
  }

  /// A model that learned nothing is neither as good as another one nor better.
  package var verdict: Verdict {
    guard adjustedP < Self.level else { return learned.first && learned.other ? .notShown : .withheld }
    let isBetter = bootstrap.difference > 0
    guard isBetter ? learned.other : learned.first else { return .withheld }
    return isBetter ? .better : .worse
  }
}

extension [PairComparison] {
  /// With p-values that hold for all of them together.
  var corrected: [PairComparison] {
    var pairs = self
    for (index, p) in HolmCorrection.adjusted(map(\.bootstrap.pValue)).enumerated() { pairs[index].adjustedP = p }
    for seed in first?.mcNemar.indices ?? 0..<0 {
      for (index, p) in HolmCorrection.adjusted(map { $0.mcNemar[seed].pValue }).enumerated() {
        pairs[index].adjustedMcNemar[seed] = p
      }
    }
    return pairs
  }
}
