/// A model that can tell what memory a pass takes (`sentry.model.memory/1`).
public protocol MemoryEstimatingModel: Model {
  /// Bytes that a pass over `batchSize` samples needs beyond the parameters and their gradients. An estimate, rather too
  /// high than too low: where it does not fit, the host splits the batch.
  ///
  /// - Parameter training: forward and backward; else a forward pass alone.
  func estimatedBytes(batchSize: Int, training: Bool) -> Int
}
