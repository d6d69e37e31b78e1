import SentryNN
import SentryPluginAPI

extension SupervisedTrainer {
  var state: [NamedTensor] { session?.optimizer.state ?? [] }

  /// `param_groups` has the form of PyTorch's AdamW, with parameter names for `params`.
  func save() -> JSONValue {
    [
      "param_groups": [
        [
          "lr": .number(learningRate), "initial_lr": .number(options.lr),
          "betas": [.number(options.beta1), .number(options.beta2)], "eps": .number(options.epsilon),
          "weight_decay": .number(options.weightDecay), "amsgrad": false, "maximize": false, "foreach": .null,
          "capturable": false, "differentiable": false, "fused": .null, "decoupled_weight_decay": true,
          "params": .array((session?.trained ?? []).map(JSONValue.string)),
        ]
      ],
      "early_stopping": [
        "best": stopping.best.map(JSONValue.number) ?? .null, "best_epoch": .integer(stopping.bestEpoch),
        "epochs_without": .integer(stopping.epochsWithout),
      ],
      "plateau": plateau.map { plateau in
        [
          "rate": .number(plateau.rate), "best": plateau.best.map(JSONValue.number) ?? .null,
          "bad_epochs": .integer(plateau.badEpochs),
        ]
      } ?? .null,
    ]
  }

  func restore(_ state: JSONValue) throws {
    guard let saved = state["early_stopping"], let epoch = saved["best_epoch"]?.intValue,
      let without = saved["epochs_without"]?.intValue,
      let rate = state["param_groups"]?.arrayValue?.first?["lr"]?.doubleValue
    else { throw PluginError.invalid("the trainer's state lacks early_stopping or param_groups") }
    // A run that had ended has no further epoch that would set it, and its checkpoint tells it.
    learningRate = rate
    stopping = EarlyStopping(
      patience: options.patience, monitor: options.monitor, best: saved["best"]?.doubleValue, bestEpoch: epoch,
      epochsWithout: without)
    if let plateau {
      guard let saved = state["plateau"], let rate = saved["rate"]?.doubleValue,
        let badEpochs = saved["bad_epochs"]?.intValue
      else { throw PluginError.invalid("the trainer's state lacks plateau") }
      self.plateau = PlateauSchedule(
        rate: rate, factor: plateau.factor, patience: plateau.patience, minimum: plateau.minimum,
        lowerIsBetter: plateau.lowerIsBetter, best: saved["best"]?.doubleValue, badEpochs: badEpochs)
    }
    try started().optimizer.restored()
  }
}
