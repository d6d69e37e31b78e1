/// What samples lose for one task. Of several batches both members add up; the quotient is the mean over all of their samples.
public struct WeightedLoss: Sendable, Equatable {
  /// The sum of the samples' losses, each times its weight.
  public var sum: Double
  /// The sum of the weights; 0 where nothing is labelled.
  public var weight: Double

  public init(sum: Double = 0, weight: Double = 0) { (self.sum, self.weight) = (sum, weight) }

  public static func += (total: inout WeightedLoss, loss: WeightedLoss) {
    total.sum += loss.sum
    total.weight += loss.weight
  }
}

/// A trainer that tells the loss of a batch by task (`sentry.trainer.losses/draft-1`). Where classes weigh differently, so do batches, and
/// the mean of their losses is not the loss of all samples.
public protocol TaskLossTrainer: Trainer {
  /// Of the last ``Trainer/evaluate(_:)``, one a task. The loss over several batches is the sum over the tasks of their quotients.
  var taskLosses: [WeightedLoss] { get }
}
