import CSentryPlugin

extension ImportedTrainer {
  /// The losses of the last evaluation by task; empty where the trainer does not offer `sentry.trainer.losses/1`.
  func lastLosses(tasks: Int) throws -> [WeightedLoss] {
    guard let raw = object.pointee.get_extension(object, SENTRY_EXTENSION_TRAINER_LOSSES) else { return [] }
    let table = raw.assumingMemoryBound(to: sentry_trainer_losses.self)
    guard table.pointee.struct_size >= SENTRY_TRAINER_LOSSES_SIZE_1_0 else { return [] }
    var (sums, weights) = ([Double](repeating: 0, count: tasks), [Double](repeating: 0, count: tasks))
    try acrossBorder { table.pointee.last(object, UInt32(tasks), &sums, &weights, $0) }
    return zip(sums, weights).map { WeightedLoss(sum: $0, weight: $1) }
  }
}
