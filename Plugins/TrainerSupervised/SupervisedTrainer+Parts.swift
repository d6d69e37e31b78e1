import SentryBase
import SentryPluginAPI

/// Gradient accumulation: a batch that would not fit into memory goes through the model in parts.
extension SupervisedTrainer: GradientAccumulating {
  func useMicroBatches(of samples: Int) throws {
    _ = try sharing?.parts(of: samples, ranks: host.world.size)
    partSize = samples
  }

  /// The batch, or parts of it of nearly the same size; each part draws its own drop-out. Ranks that train together make equally
  /// many.
  func parts(of batch: Batch, training: Bool = true) throws -> [Batch] {
    let rows = batch.inputs.shape.first ?? 0
    guard let partSize else { return [batch] }
    let shared = training ? try sharing?.parts(of: partSize, ranks: host.world.size) : nil
    let count = shared ?? (rows + partSize - 1) / partSize
    guard count > 1 else { return [batch] }
    return (0..<count).map { part in
      let range = rows * part / count..<rows * (part + 1) / count
      return Batch(
        epoch: batch.epoch, step: batch.step, seed: batch.seed &+ UInt64(part) &* SplitMix64.increment,
        inputs: batch.inputs.rows(range), targets: batch.targets.rows(range),
        softTargets: batch.softTargets?.rows(range))
    }
  }
}
