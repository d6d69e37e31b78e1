/// What belongs to which epoch.
extension RunOptions {
  /// Whether an epoch ends with a validation. The last one does, because its model is what the run leaves.
  /// - Parameter epoch: from 0.
  package func validates(_ epoch: Int) -> Bool { (epoch + 1).isMultiple(of: validateEvery) || epoch + 1 >= epochs }
}
