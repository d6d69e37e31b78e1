import SentryPluginAPI

/// The options of ``SupervisedTrainer``, as the host checked and completed them.
struct SupervisedOptions: Decodable, Sendable {
  enum Schedule: String, Decodable, Sendable { case cosine, constant }
  enum ClassWeights: String, Decodable, Sendable { case auto, none, inverse }

  var lr: Double
  var minLR: Double
  var schedule: Schedule
  /// Epochs until the cosine reaches its minimum; 0: the epochs of the run.
  var period: Int
  var weightDecay: Double
  var beta1: Double
  var beta2: Double
  var epsilon: Double
  /// The largest norm that the gradients keep; 0: no clipping.
  var clipNorm: Double
  var labelSmoothing: Double
  var classWeights: ClassWeights
  /// Epochs without a better value before training stops; 0: never.
  var patience: Int

  enum CodingKeys: String, CodingKey {
    case lr, schedule, period, beta1, beta2, patience
    case minLR = "min-lr"
    case weightDecay = "weight-decay"
    case epsilon = "eps"
    case clipNorm = "clip-norm"
    case labelSmoothing = "label-smoothing"
    case classWeights = "class-weights"
  }

  static let declarations: [OptionDeclaration] = [
    .number("lr", 1e-4, minimum: 0, "Learning rate."),
    .number("min-lr", 1e-6, minimum: 0, "The learning rate that the cosine schedule ends at."),
    .choice("schedule", "cosine", of: ["cosine", "constant"], "How the learning rate changes, once an epoch."),
    .integer("period", 0, minimum: 0, "Epochs until the cosine reaches min-lr; 0: the epochs of the run."),
    .number("weight-decay", 0.05, minimum: 0, "Decoupled weight decay, on every parameter that trains."),
    .number("beta1", 0.9, minimum: 0, maximum: 0.9999, "AdamW: decay of the mean gradient."),
    .number("beta2", 0.999, minimum: 0, maximum: 0.99999, "AdamW: decay of the mean squared gradient."),
    .number("eps", 1e-8, minimum: 0, "AdamW: added to the denominator."),
    .number("clip-norm", 1, minimum: 0, "The largest norm that the gradients of a step keep; 0: no clipping."),
    .number(
      "label-smoothing", 0, minimum: 0, maximum: 1, "The share of the target that all classes get in equal parts."),
    .choice(
      "class-weights", "auto", of: ["auto", "none", "inverse"],
      "Weights of the classes in the loss: 1/count with mean 1 (inverse); auto: inverse unless the run balances."),
    .integer("patience", 0, minimum: 0, "Epochs without a better validation accuracy before training stops; 0: never."),
  ]
}
