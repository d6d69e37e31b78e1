import SentryLearning
import SentryPluginAPI

/// Which optimiser trains, and its settings. A new one has a case and its options here; all else about it is in its `UpdateRule`.
struct OptimizerOptions: Decodable, Sendable {
  enum Kind: String, Decodable, CaseIterable, Sendable { case adamw, sgd }

  var optimizer: Kind
  var weightDecay: Double
  var momentum: Double
  var nesterov: Bool
  var beta1: Double
  var beta2: Double
  var epsilon: Double
  /// The largest norm that the gradients keep; 0: no clipping.
  var clipNorm: Double

  enum CodingKeys: String, CodingKey {
    case optimizer, momentum, nesterov, beta1, beta2
    case weightDecay = "weight-decay"
    case epsilon = "eps"
    case clipNorm = "clip-norm"
  }

  static let declarations: [OptionDeclaration] = [
    .choice("optimizer", "adamw", of: Kind.allCases.map(\.rawValue), "The optimiser."),
    .number(
      "weight-decay", 0.05, minimum: 0,
      "Weight decay of every trained parameter; adamw: decoupled; sgd: added to the gradient (5e-4 is common)."),
    .number("momentum", 0.9, minimum: 0, maximum: 0.9999, "The momentum factor.").usedWhen("optimizer", is: "sgd"),
    .flag("nesterov", false, "Use Nesterov momentum.").usedWhen("optimizer", is: "sgd"),
    .number("beta1", 0.9, minimum: 0, maximum: 0.9999, "Decay of the mean gradient.").usedWhen(
      "optimizer", is: "adamw"),
    .number("beta2", 0.999, minimum: 0, maximum: 0.99999, "Decay of the mean squared gradient.")
      .usedWhen("optimizer", is: "adamw"),
    .number("eps", 1e-8, minimum: 0, "A number that is added to the denominator.").usedWhen("optimizer", is: "adamw"),
    .number("clip-norm", 1, minimum: 0, "The maximum norm of the gradients of a step; 0: no clipping."),
  ]

  func rule() throws -> any UpdateRule {
    switch optimizer {
    case .adamw: AdamW(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)
    case .sgd: try SGD(momentum: momentum, nesterov: nesterov, weightDecay: weightDecay)
    }
  }
}
