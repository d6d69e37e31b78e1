import SentryLearning
import SentryPluginAPI

/// The average of the weights.
extension SupervisedTrainer {
  var averageDecay: WeightAverage.Decay { .init(options.averageDecay, warmsUp: options.averageWarmUp) }

  var keepsAverage: Bool { options.averageDecay > 0 }

  func useAverage(_ average: Bool) throws {
    let session = try started()
    guard average != usesAverage else { return }
    try session.average?.exchange()
    usesAverage = average
    try session.model.parametersChanged()
  }
}
