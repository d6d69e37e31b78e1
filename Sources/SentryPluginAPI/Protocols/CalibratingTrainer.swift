/// What a model answered to samples, and what was right.
public struct Answers: Sendable {
  /// int64 [N, tasks]; -1 where unlabelled.
  public var targets: Tensor
  /// float32 [N, classes] for each task.
  public var logits: [Tensor]
  public init(targets: Tensor, logits: [Tensor]) { (self.targets, self.logits) = (targets, logits) }
}

/// A trainer that can make a trained model's probabilities mean what they say (`sentry.trainer.calibration/1`).
public protocol CalibratingTrainer: Trainer {
  /// Whether its options ask for it; after ``Trainer/begin(_:run:)``.
  var calibrates: Bool { get }

  /// Fits the model's ``Model/temperature`` on one half of the validation samples and judges it on the other.
  /// - Parameter fitting: answered by the model with the temperature that it has now, as `judging` is.
  /// - Returns: an object for run.json and checkpoints; its `summary` is a sentence for the log.
  func calibrate(fitting: Answers, judging: Answers) throws -> JSONValue
}
