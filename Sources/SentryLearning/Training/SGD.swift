/// Stochastic gradient descent with momentum, as `torch.optim.SGD`: weight decay is added to the gradient, nothing is dampened.
public struct SGD: UpdateRule {
  public static let name = "sgd"

  public var momentum, weightDecay: Double
  /// Steps along the gradient that the momentum will have led to (Nesterov 1983; Sutskever et al. 2013).
  public var nesterov: Bool

  /// - Throws: ``NNError`` `.invalidInput` for Nesterov's momentum without momentum, which PyTorch refuses too.
  public init(momentum: Double = 0.9, nesterov: Bool = false, weightDecay: Double = 0) throws {
    guard momentum > 0 || !nesterov else {
      throw NNError(
        .invalidInput, "Nesterov's momentum with a momentum of \(momentum)", hint: "0.9 is usual, or leave nesterov out"
      )
    }
    (self.momentum, self.nesterov, self.weightDecay) = (momentum, nesterov, weightDecay)
  }

  /// Without momentum nothing is kept, and PyTorch's state is empty.
  public var slots: [String] { momentum > 0 ? ["momentum_buffer"] : [] }

  public var settings: [String: OptimizerSetting] {
    [
      "momentum": .number(momentum), "dampening": .number(0), "nesterov": .flag(nesterov),
      "weight_decay": .number(weightDecay),
    ]
  }

  public var torchFlags: [String: OptimizerSetting] {
    ["maximize": .flag(false), "foreach": .none, "differentiable": .flag(false), "fused": .none]
  }

  public func coefficients(_ step: UpdateStep) -> [Float] {
    [step.learningRate, weightDecay, momentum, nesterov ? 1 : 0, nesterov ? momentum : 1].map(Float.init) + [step.clip]
  }
}
