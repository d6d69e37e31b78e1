import SentryLearning
import SentryPluginAPI

extension SupervisedTrainer {
  var state: [NamedTensor] { (session?.updater.state ?? []) + (session?.average?.state ?? []) }

  /// The form that PyTorch gives to the group of this optimiser, with parameter names for `params`.
  private var parameterGroup: JSONValue {
    var group = rule.torchFlags.merging(rule.settings) { $1 }.mapValues(JSONValue.init)
    group["lr"] = .number(learningRate)
    group["initial_lr"] = .number(options.lr)
    group["params"] = .array((session?.trained ?? []).map(JSONValue.string))
    return .object(group)
  }

  func save() -> JSONValue {
    var state: [String: JSONValue] = [
      "param_groups": [parameterGroup],
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
    if let steps = session?.updater.stepsBeside { state["steps"] = .integer(steps) }
    if let average = session?.average { state["average"] = ["updates": .integer(average.updates)] }
    return .object(state)
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
    let session = try started()
    try session.updater.restored(steps: state["steps"]?.intValue)
    if let average = session.average {
      guard let updates = state["average"]?["updates"]?.intValue else {
        throw PluginError.invalid("the trainer's state lacks average")
      }
      average.updates = updates
    }
  }
}
