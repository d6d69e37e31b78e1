import SentryPluginAPI

/// The options of ``SupervisedTrainer`` but for those of the optimiser, as the host checked and completed them.
struct SupervisedOptions: Decodable, Sendable {
  enum Schedule: String, Decodable, Sendable {
    case cosine, constant, step
    case oneCycle = "one-cycle"
    case warmRestarts = "cosine-warm-restarts"
    case plateau = "reduce-on-plateau"
  }
  enum ClassWeights: String, Decodable, Sendable { case auto, none, inverse }

  var lr: Double
  var minLR: Double
  var schedule: Schedule
  /// Epochs until the cosine reaches its minimum; 0: the epochs of the run.
  var period: Int
  /// Epochs to the first restart, and how many times as long the way to the next one is.
  var restartPeriod, restartMultiplier: Int
  /// What the rate is multiplied by after more than `plateauPatience` epochs without improvement.
  var plateauFactor: Double
  var plateauPatience: Int
  /// What the rate is multiplied by every `stepPeriod` epochs.
  var stepFactor: Double
  var stepPeriod: Int
  /// Epochs in which the rate rises to the schedule's first, from `warmUpStart` of it.
  var warmUpEpochs: Int
  var warmUpStart: Double
  var labelSmoothing: Double
  var classWeights: ClassWeights
  /// By task; 1 for one that is not named.
  var taskWeights: [String: Double]
  var monitor: Monitor
  /// Validations without a better value before training stops; 0: never.
  var patience: Int
  /// Fit the temperature once training has ended.
  var calibrate: Bool
  /// α of each; 0: samples are not mixed.
  var mixup, cutmix: Double
  /// Of the average of the weights; 0: none is kept.
  var averageDecay: Double
  var averageWarmUp: Bool
  /// Several processes sum gradients while the backward pass goes on.
  var overlap: Bool

  enum CodingKeys: String, CodingKey {
    case lr, schedule, period, patience, monitor, calibrate, overlap, mixup, cutmix
    case restartPeriod = "restart-period"
    case restartMultiplier = "restart-multiplier"
    case plateauFactor = "plateau-factor"
    case plateauPatience = "plateau-patience"
    case stepFactor = "step-factor"
    case stepPeriod = "step-period"
    case warmUpEpochs = "warm-up-epochs"
    case warmUpStart = "warm-up-start"
    case taskWeights = "task-weights"
    case minLR = "min-lr"
    case averageDecay = "average-decay"
    case averageWarmUp = "average-warm-up"
    case labelSmoothing = "label-smoothing"
    case classWeights = "class-weights"
  }

  static let declarations: [OptionDeclaration] = [
    .number("lr", 1e-4, minimum: 0, "Learning rate."),
    .number("min-lr", 1e-6, minimum: 0, "The lowest learning rate of the schedule.")
      .usedWhen("schedule", is: "cosine", "cosine-warm-restarts", "reduce-on-plateau"),
    .choice(
      "schedule", "cosine",
      of: ["cosine", "constant", "cosine-warm-restarts", "reduce-on-plateau", "step", "one-cycle"],
      "The learning rate schedule, stepped once per epoch; one-cycle: with every step."),
    .integer(
      "period", 0, minimum: 0, "Epochs until the rate reaches min-lr; 0: the epochs of the run after the warm-up."
    )
    .usedWhen("schedule", is: "cosine"),
    .integer("restart-period", 10, minimum: 1, "Epochs to the first restart.")
      .usedWhen("schedule", is: "cosine-warm-restarts"),
    .integer(
      "restart-multiplier", 2, minimum: 1, maximum: 1000,
      "The factor by which each period is longer than the one before."
    ).usedWhen("schedule", is: "cosine-warm-restarts"),
    .number("plateau-factor", 0.5, minimum: 0, maximum: 0.999_999, "The factor of the learning rate.")
      .usedWhen("schedule", is: "reduce-on-plateau"),
    .integer(
      "plateau-patience", 3, minimum: 0,
      "Validations (epochs, unless run.validate-every is set) without a better value of monitor before the rate is reduced."
    ).usedWhen("schedule", is: "reduce-on-plateau"),
    .integer("step-period", 10, minimum: 1, "Epochs between changes.").usedWhen("schedule", is: "step"),
    .number("step-factor", 0.1, minimum: 0, maximum: 1, "The factor of the learning rate.").usedWhen(
      "schedule", is: "step"),
    .integer(
      "warm-up-epochs", 0, minimum: 0,
      "Epochs in which the learning rate rises with every step, before the schedule begins. "
        + "The schedule one-cycle has a warm-up of its own."
    ).usedUnless("schedule", is: "one-cycle"),
    .number("warm-up-start", 0.01, minimum: 0, maximum: 1, "The first learning rate of the warm-up as a share of lr.")
      .usedUnless("warm-up-epochs", is: 0),
    .number(
      "label-smoothing", 0, minimum: 0, maximum: 1,
      "The share of the target that is distributed equally among all classes."),
    .choice(
      "class-weights", "auto", of: ["auto", "none", "inverse"],
      "Weights of the classes in the loss: 1/count with mean 1 (inverse); auto: inverse unless the run balances."),
    .object(
      "task-weights", [:],
      "The weight of the loss of each task, as a JSON object of numbers by task; default: 1."),
    .choice(
      "monitor", "accuracy", of: ["accuracy", "loss"],
      "The validation metric that selects the best model and controls early stopping and reduce-on-plateau."),
    .integer(
      "patience", 0, minimum: 0,
      "Validations (epochs, unless run.validate-every is set) without a better value of monitor before training stops; 0: never."
    ),
    .flag(
      "calibrate", false,
      "After training, fit the model's temperature on one half of the validation samples and evaluate it on the other."),
    .number(
      "mixup", 0, minimum: 0, maximum: 4,
      "Mix the samples of a batch in pairs, and their labels, with a share drawn from Beta(α, α) with this α; 0: off."),
    .number(
      "cutmix", 0, minimum: 0, maximum: 4,
      "Put a box of another image into each image of a batch, and mix their labels by area; α as for mixup; 0: off."),
    .number(
      "average-decay", 0, minimum: 0, maximum: 0.999_999,
      "The decay of an exponential moving average of the weights (EMA), by which the model is validated and saved; 0: no average."
    ),
    .flag(
      "average-warm-up", true, "The decay of update n, from 0, is at most (1 + n) / (10 + n)."
    ).usedUnless("average-decay", is: 0),
    .flag(
      "overlap", true,
      "Several processes that train together send gradients while the backward pass goes on; results do not depend on it."
    ),
  ]
}
