/// What one forward pass through a network is: how many images, and by which statistics batch norms normalise.
public struct Pass: Sendable {
  public let batch: Int
  /// Batch statistics and a backward pass to come; else running statistics and none.
  public let training: Bool
  /// How batch norms whose weight and bias are both frozen normalise while the rest trains.
  public let frozenNorm: FrozenNorm
  public let memory: MemoryUse

  public init(
    batch: Int, training: Bool, frozenNorm: FrozenNorm = .batchStatistics, memory: MemoryUse = .normal
  ) {
    (self.batch, self.training, self.frozenNorm, self.memory) = (batch, training, frozenNorm, memory)
  }
}

public enum MemoryUse: String, Sendable, CaseIterable {
  /// The outputs of 1×1 convolutions are kept for the backward pass.
  case normal
  /// They are computed again, for two thirds of the memory and a tenth more time.
  case low
}

public enum FrozenNorm: String, Sendable, CaseIterable {
  /// By the statistics of the batch, and the running ones go on to follow them, as PyTorch does in training mode.
  case batchStatistics = "batch"
  /// By the running statistics, which stay as they are.
  case runningStatistics = "eval"
}
