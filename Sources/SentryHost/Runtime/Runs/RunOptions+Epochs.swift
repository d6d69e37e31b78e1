/// What belongs to which epoch.
extension RunOptions {
  /// Whether an epoch ends with a validation. The last one does, because its model is what the run leaves.
  /// - Parameter epoch: from 0.
  package func validates(_ epoch: Int) -> Bool { (epoch + 1).isMultiple(of: validateEvery) || epoch + 1 >= epochs }

  /// Whether the trainer judges an epoch: whether it is the best, and whether training should end. Where the size of inputs changes, it
  /// compares epochs of the last size only.
  package func judges(_ epoch: Int) -> Bool {
    validates(epoch) && (sizeSchedule.map { $0.size(in: epoch) == $0.last.size } ?? true)
  }
}
