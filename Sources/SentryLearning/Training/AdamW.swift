import Glibc

/// AdamW (Loshchilov and Hutter 2019), as `torch.optim.AdamW`.
public struct AdamW: UpdateRule {
  public static let name = "adamw"

  public var beta1, beta2, epsilon, weightDecay: Double

  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.05) {
    (self.beta1, self.beta2, self.epsilon, self.weightDecay) = (beta1, beta2, epsilon, weightDecay)
  }

  /// The running means of the gradient and of its square.
  public var slots: [String] { ["exp_avg", "exp_avg_sq"] }
  public var countsSteps: Bool { true }

  public var settings: [String: OptimizerSetting] {
    ["betas": .numbers([beta1, beta2]), "eps": .number(epsilon), "weight_decay": .number(weightDecay)]
  }

  public var torchFlags: [String: OptimizerSetting] {
    [
      "amsgrad": .flag(false), "maximize": .flag(false), "foreach": .none, "capturable": .flag(false),
      "differentiable": .flag(false), "fused": .none, "decoupled_weight_decay": .flag(true),
    ]
  }

  public func coefficients(_ step: UpdateStep) -> [Float] {
    let rate = step.learningRate / (1 - pow(beta1, Double(step.number)))
    let root = 1 / (1 - pow(beta2, Double(step.number))).squareRoot()
    return [rate, 1 - step.learningRate * weightDecay, root, epsilon, beta1, beta2].map(Float.init) + [step.clip]
  }
}
