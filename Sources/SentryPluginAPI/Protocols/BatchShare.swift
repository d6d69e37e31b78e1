/// The rows of every batch that one of several processes trains on.
public struct BatchShare: Sendable, Equatable {
  /// The first row in the whole batch.
  public var first: Int
  public var rows: Int
  /// The rows of the whole batch.
  public var whole: Int

  public init(first: Int, rows: Int, whole: Int) { (self.first, self.rows, self.whole) = (first, rows, whole) }

  /// The share of rank `rank` of `size`: consecutive rows. Shares differ by one row at most.
  public init(rank: Int, of size: Int, whole: Int) {
    let first = whole * rank / size
    self.init(first: first, rows: whole * (rank + 1) / size - first, whole: whole)
  }
}

/// A trainer that trains together with other processes (`sentry.trainer.share/draft-1`).
public protocol SharingTrainer: Trainer {
  /// Every following ``Trainer/step(_:)`` has the rows of this share, and is to be the step of the whole batch: through the host's
  /// sums over all ranks the trainer weighs its rows as in the whole batch and adds up the gradients. The result of a step is that of
  /// the whole batch. Called after ``Trainer/begin(_:run:)``.
  func useShare(_ share: BatchShare) throws
}

/// A model whose backward pass tells how far it is (`sentry.model.backward/draft-1`), so that gradients travel while it goes on.
public protocol StagedModel: Model {
  /// As ``Model/backward(_:accumulate:)``.
  ///
  /// - Parameter ready: told during the pass that the gradients of ``Model/parameters`` from this index on are final. The index falls
  ///   from call to call; what was not told is final in the end. What it throws ends the pass or is thrown after it.
  func backward(_ gradients: [Tensor?], accumulate: Bool, ready: (Int) throws -> Void) throws
}

/// A model that knows that it sees a share of each batch (`sentry.model.share/draft-1`).
public protocol SharingModel: Model {
  /// Every following training pass has rows of this share: dropout is drawn by the row's place in the whole batch, and statistics
  /// over the batch are summed over all ranks. Every rank makes the same passes in the same order.
  func useShare(_ share: BatchShare) throws
}
