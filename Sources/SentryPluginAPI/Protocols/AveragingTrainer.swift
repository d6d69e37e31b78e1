/// A trainer that keeps an average of the weights beside them (`sentry.trainer.average/draft-1`). The model has the average while it is
/// validated, calibrated and written, and the trained values in steps and where the state is saved.
public protocol AveragingTrainer: Trainer {
  /// Whether the options ask for an average. Valid after ``Trainer/begin(_:run:)``.
  var keepsAverage: Bool { get }

  /// Gives the model the average, and the trained values to the tensors `average/<name>` of ``Trainer/state``; or both back. Before the
  /// first update there is no average, and nothing changes.
  func useAverage(_ average: Bool) throws
}
