import CSentryPlugin
import SentryPluginAPI

/// Training together with other processes, each of which has some rows of every batch.
extension SupervisedTrainer: SharingTrainer {
  func useShare(_ share: BatchShare) throws {
    let session = try started()
    guard session.updater is LocalUpdater else {
      throw PluginError(
        "the model's parameters are not in this process's memory: several processes cannot train it together",
        hint: "start one process", code: SENTRY_UNSUPPORTED)
    }
    guard options.mixup == 0, options.cutmix == 0 else {
      throw PluginError(
        "trainer.mixup and trainer.cutmix mix the samples of a whole batch, which several processes do not have",
        hint: "start one process, or leave them out", code: SENTRY_UNSUPPORTED)
    }
    sharing = Sharing(share: share, exchange: try GradientExchange(session.model.parameters, host: host))
  }

  /// The backward pass of a batch's last part, after which gradients are those of all ranks. They travel while it goes on, where the
  /// model says how far it is.
  func backwardSumming(_ gradients: [Tensor?], accumulate: Bool, _ session: Session, _ sharing: Sharing) throws {
    if options.overlap, let model = session.model as? any StagedModel {
      try model.backward(gradients, accumulate: accumulate) { try sharing.exchange.start(from: $0) }
    } else {
      try session.model.backward(gradients, accumulate: accumulate)
    }
    try timed("sums over processes") { try sharing.exchange.finish() }
  }

  struct Sharing {
    let share: BatchShare
    let exchange: GradientExchange

    /// In how many parts every rank passes its rows through the model, if at most so many go at once.
    func parts(of size: Int, ranks: Int) throws -> Int {
      let (most, least) = ((share.whole + ranks - 1) / ranks, share.whole / ranks)
      let count = (most + size - 1) / size
      guard count <= least else {
        throw PluginError.invalid(
          "\(share.whole) samples of a batch, shared by \(ranks) processes, cannot go through the model one by one: "
            + "some have \(most) and some \(least)",
          hint: "give a --batch-size that the number of processes divides, or --micro-batch 2")
      }
      return count
    }
  }

  /// Adds numbers up over all ranks; one process alone has them already.
  func summed(_ values: [Double]) throws -> [Double] {
    guard sharing != nil else { return values }
    let tensor = Tensor([values.count], values)
    try host.sum(tensor)
    return try tensor.array(of: Double.self)
  }
}
