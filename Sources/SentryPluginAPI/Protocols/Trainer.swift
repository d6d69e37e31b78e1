/// One batch of samples. Its tensors are valid only during the call.
public struct Batch: Sendable {
  public var epoch: Int
  public var step: Int
  public var seed: UInt64
  /// [N, …]
  public var inputs: Tensor
  /// int64 [N, tasks]; -1 where unlabelled.
  public var targets: Tensor
  /// float32 [N, classes of all tasks]: the probabilities of the classes, one task after the other; NaN where the class index
  /// counts. nil if no sample has a distribution.
  public var softTargets: Tensor?
  public init(epoch: Int, step: Int, seed: UInt64, inputs: Tensor, targets: Tensor, softTargets: Tensor? = nil) {
    (self.epoch, self.step, self.seed, self.inputs, self.targets) = (epoch, step, seed, inputs, targets)
    self.softTargets = softTargets
  }
}

public struct StepResult: Sendable {
  public var loss: Double
  /// The weight of this batch in the mean loss of an epoch.
  public var lossWeight: Double
  /// The global norm of the gradients before clipping, of this step or of the one before; NaN: not known; 0 in evaluation.
  public var gradientNorm: Double
  public var learningRate: Double
  /// For each task, the number of samples whose predicted class is correct, and the number of labelled samples.
  public var correct: [Int]
  public var labelled: [Int]
  /// The logits of each task, [N, classes].
  public var logits: [Tensor]
  /// The losses of an evaluation by task, if the trainer is a ``TaskLossTrainer``; the host sets them.
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

/// Decides on loss, schedule, clipping, update and early stopping. The host never makes two calls at once.
public protocol Trainer: Sendable {
  /// Called first. The model outlives the trainer.
  ///
  /// - Throws: ``PluginError`` if the trainer cannot train this model.
  func begin(_ model: any Model, run: RunSpecification) throws
  /// Called at the start of every epoch, counted from 0, and after ``restore(_:)`` for the epoch that continues.
  func beginEpoch(_ epoch: Int) throws
  /// Trains on one batch: forward pass, loss, backward pass, update.
  func step(_ batch: Batch) throws -> StepResult
  /// Computes the loss and the logits of one batch without an update.
  func evaluate(_ batch: Batch) throws -> StepResult
  /// - Parameter metrics: `train_loss`, `train_acc`, `val_loss`, `val_acc`, `val_acc/<task>`; accuracies in percent.
  func endEpoch(_ epoch: Int, metrics: [String: Double]) throws -> EpochDecision
  /// The tensors of the state, named `<slot>/<parameter>`; stable after ``begin(_:run:)``.
  var state: [NamedTensor] { get }
  /// The rest of the state, as a JSON object. JSON has no NaN and no infinity: a state with one ends the run with an error.
  func save() -> JSONValue
  func restore(_ state: JSONValue) throws
}

/// A trainer that can accumulate gradients: it processes a batch in micro-batches (`sentry.trainer.split/1`).
public protocol GradientAccumulating: Trainer {
  /// Sets the maximum number of samples in a forward pass. Loss and gradients stay those of the whole batch. Called after
  /// ``Trainer/begin(_:run:)`` and before the first step.
  func useMicroBatches(of samples: Int) throws
}

/// The logits of samples, with their targets.
public struct Answers: Sendable {
  /// int64 [N, tasks]; -1 where unlabelled.
  public var targets: Tensor
  /// float32 [N, classes] for each task.
  public var logits: [Tensor]
  public init(targets: Tensor, logits: [Tensor]) { (self.targets, self.logits) = (targets, logits) }
}

/// A trainer that can calibrate a trained model by fitting its temperature (`sentry.trainer.calibration/draft-1`).
public protocol CalibratingTrainer: Trainer {
  /// Whether the options ask for calibration. Valid after ``Trainer/begin(_:run:)``.
  var calibrates: Bool { get }

  /// Fits the model's ``Model/temperature`` on one half of the validation samples and evaluates it on the other half.
  ///
  /// - Parameters:
  ///   - fitting: the samples to fit on. Their logits are those at the current temperature, as in `judging`.
  ///   - judging: the samples to evaluate on.
  /// - Returns: a JSON object for run.json and checkpoints; its `summary` is a sentence for the log.
  func calibrate(fitting: Answers, judging: Answers) throws -> JSONValue
}
