/// The weighted loss of samples for one task. Both members add up over batches; `sum / weight` is the weighted mean loss.
public struct WeightedLoss: Sendable, Equatable {
  /// Σ weight · loss over the samples.
  public var sum: Double
  /// Σ weight over the labelled samples; 0 if there are none.
  public var weight: Double

  public init(sum: Double = 0, weight: Double = 0) { (self.sum, self.weight) = (sum, weight) }

  public static func += (total: inout WeightedLoss, loss: WeightedLoss) {
    total.sum += loss.sum
    total.weight += loss.weight
  }
}

/// A trainer that reports the loss of a batch by task (`sentry.trainer.losses/draft-1`). With class weights, batches have different
/// weights, so the mean of batch losses is not the loss of all samples.
public protocol TaskLossTrainer: Trainer {
  /// The losses of the last ``Trainer/evaluate(_:)``, one per task. The loss of several batches is the sum of `sum / weight` over
  /// the tasks.
  var taskLosses: [WeightedLoss] { get }
}
