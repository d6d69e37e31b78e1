import SentryPluginAPI

/// What the parts of a batch add up to. A part's loss and gradient count with its share of the weight of the whole batch, so
/// that loss and gradients are those of the batch as one: the weighted mean over all of its samples.
struct BatchSum {
  /// Of the whole batch, one a head; where ranks share the batch, of all of them.
  var weights: [Double]
  private(set) var loss = 0.0
  /// By head; the batch's loss is the sum of their means.
  private(set) var taskLosses: [WeightedLoss]
  private(set) var correct: [Int]
  private(set) var labelled: [Int]
  private(set) var parts = 0

  /// - Parameter labels: of the whole batch, one column a head.
  init(_ heads: [Head], labels: [Head.Labels]) {
    weights = zip(heads, labels).map { $0.criterion.weight(of: $1.classes, soft: $1.soft) }
    correct = [Int](repeating: 0, count: heads.count)
    labelled = correct
    taskLosses = heads.map { _ in WeightedLoss() }
  }

  /// What ranks add up.
  var totals: [Double] { [loss] + correct.map(Double.init) + labelled.map(Double.init) }

  /// Takes the totals of all ranks.
  mutating func gather(_ totals: [Double]) {
    loss = totals[0]
    for head in correct.indices {
      (correct[head], labelled[head]) = (Int(totals[1 + head]), Int(totals[1 + correct.count + head]))
    }
  }

  /// Adds a part, one judgement a head, and scales its gradients.
  mutating func add(_ judgements: [Head.Judgement]) throws {
    parts += 1
    for (head, judgement) in judgements.enumerated() {
      let share = weights[head] > 0 ? judgement.weight / weights[head] : 0
      loss += judgement.loss * share
      taskLosses[head] += WeightedLoss(sum: judgement.loss * judgement.weight, weight: judgement.weight)
      correct[head] += judgement.correct
      labelled[head] += judgement.labelled
      guard share != 1, let gradient = try judgement.gradient?.elements(as: Float.self) else { continue }
      for index in gradient.indices { gradient[index] *= Float(share) }
    }
  }
}
