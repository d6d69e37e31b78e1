/// A trainer that can pass a batch through the model in parts and add up their gradients (`sentry.trainer.split/1`).
public protocol SplittingTrainer: Trainer {
  /// At most so many samples go through the model at once from now on. Loss and gradients stay those of the whole batch.
  /// Called after ``Trainer/begin(_:run:)``, before the first step.
  func split(into samples: Int) throws
}
