/// One batch, valid for the call.
public struct Batch: Sendable {
  public var epoch: Int
  public var step: Int
  public var seed: UInt64
  /// [N, …]
  public var inputs: Tensor
  /// int64 [N, tasks]; -1 where unlabelled.
  public var targets: Tensor
  public init(epoch: Int, step: Int, seed: UInt64, inputs: Tensor, targets: Tensor) {
    (self.epoch, self.step, self.seed, self.inputs, self.targets) = (epoch, step, seed, inputs, targets)
  }
}

public struct StepResult: Sendable {
  public var loss: Double
  /// What this batch weighs in the mean of the losses over an epoch.
  public var lossWeight: Double
  /// Before clipping; 0 in evaluation.
  public var gradientNorm: Double
  public var learningRate: Double
  /// Top-1 hits and labelled samples of each task.
  public var correct: [Int]
  public var labelled: [Int]
  /// The logits of each task, [N, classes].
  public var logits: [Tensor]
  /// Of an evaluation, by task, from a trainer that tells them (``TaskLossTrainer``); the host fills them in.
  public var taskLosses: [WeightedLoss] = []

  public init(
    loss: Double, lossWeight: Double, gradientNorm: Double = 0, learningRate: Double = 0, correct: [Int],
    labelled: [Int],
    logits: [Tensor] = []
  ) {
    (self.loss, self.lossWeight, self.gradientNorm, self.learningRate) = (loss, lossWeight, gradientNorm, learningRate)
    (self.correct, self.labelled, self.logits) = (correct, labelled, logits)
  }
}

public struct EpochDecision: Sendable {
  /// The model is the best so far.
  public var best: Bool
  /// Training should end here.
  public var stop: Bool
  public var reason: String?
  public init(best: Bool, stop: Bool, reason: String? = nil) {
    (self.best, self.stop, self.reason) = (best, stop, reason)
  }
}

/// Decides loss, schedule, clipping, update and when to stop. Calls never overlap.
public protocol Trainer: Sendable {
  /// Before anything else. The model outlives the trainer.
  func begin(_ model: any Model, run: RunSpecification) throws
  /// At the start of every epoch, from 0; after ``restore(_:)`` once more for the epoch that goes on.
  func beginEpoch(_ epoch: Int) throws
  func step(_ batch: Batch) throws -> StepResult
  func evaluate(_ batch: Batch) throws -> StepResult
  /// - Parameter metrics: `train_loss`, `train_acc`, `val_loss`, `val_acc`, `val_acc/<task>`; accuracies in percent.
  func endEpoch(_ epoch: Int, metrics: [String: Double]) throws -> EpochDecision
  /// The tensors of the state, named `<slot>/<parameter>`; stable after ``begin(_:run:)``.
  var state: [NamedTensor] { get }
  /// The rest of the state, as a JSON object. NaN and infinity, which JSON lacks, end the run with an error.
  func save() -> JSONValue
  func restore(_ state: JSONValue) throws
}

/// A trainer that can accumulate gradients: it passes a batch through the model in micro-batches (`sentry.trainer.split/1`).
public protocol GradientAccumulating: Trainer {
  /// At most so many samples go through the model at once from now on. Loss and gradients stay those of the whole batch.
  /// Called after ``Trainer/begin(_:run:)``, before the first step.
  func useMicroBatches(of samples: Int) throws
}

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
