/// How many epochs there are, and what belongs to which.
extension RunOptions {
  /// The same with a multiple of the epochs, if they have fewer than ``minSteps`` steps. As many validations and checkpoints as before
  /// stand further apart: patience counts validations, and means what it meant.
  package func lengthened(stepsPerEpoch: Int) -> RunOptions {
    let steps = stepsPerEpoch * epochs
    guard steps > 0, steps < minSteps else { return self }
    return lengthened(by: (minSteps + steps - 1) / steps)
  }

  /// As `other` was lengthened, if the same was asked for.
  package func lengthened(like other: RunOptions) -> RunOptions {
    guard minSteps > 0, minSteps == other.minSteps, other.epochs > epochs, other.epochs.isMultiple(of: epochs) else {
      return self
    }
    return lengthened(by: other.epochs / epochs)
  }

  private func lengthened(by factor: Int) -> RunOptions {
    var longer = self
    longer.epochs *= factor
    longer.validateEvery = min(validateEvery * factor, longer.epochs)
    let (every, overflow) = checkpointEvery.multipliedReportingOverflow(by: factor)
    longer.checkpointEvery = overflow ? checkpointEvery : every
    return longer
  }

  /// Whether an epoch ends with a validation. The last one does, because its model is what the run leaves.
  /// - Parameter epoch: from 0.
  package func validates(_ epoch: Int) -> Bool { (epoch + 1).isMultiple(of: validateEvery) || epoch + 1 >= epochs }

  /// Whether the trainer judges an epoch: whether it is the best, and whether training should end. Where the size of inputs changes, it
  /// compares epochs of the last size only.
  package func judges(_ epoch: Int) -> Bool {
    validates(epoch) && (sizeSchedule.map { $0.size(in: epoch) == $0.last.size } ?? true)
  }
}
