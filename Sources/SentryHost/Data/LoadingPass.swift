import SentryPluginAPI

/// One pass over samples, cut into batches: an epoch of training, or a validation.
struct LoadingPass: Sendable {
  let samples: SampleList
  let draws: [Sampler.Draw]
  let batchSize: Int
  let epoch: Int
  let strength: @Sendable (Sampler.Draw) -> AugmentStrength
  let remedy: SampleReader.Remedy
  let batchCount: Int

  /// A training epoch. The last batch is dropped where it is not full.
  static func training(_ sampler: Sampler, epoch: Int, options: RunOptions) -> LoadingPass {
    let draws = sampler.order(epoch: epoch)
    return LoadingPass(
      samples: sampler.samples, draws: draws, batchSize: options.batchSize, epoch: epoch,
      strength: { options.strength(of: $0) }, remedy: .replace, batchCount: draws.count / options.batchSize)
  }

  /// All samples once, in order, without randomness.
  static func validation(_ samples: SampleList, epoch: Int, options: RunOptions) -> LoadingPass {
    LoadingPass(
      samples: samples, draws: (0..<samples.count).map { Sampler.Draw(position: $0) }, batchSize: options.batchSize,
      epoch: epoch, strength: { _ in .none }, remedy: .leaveOut,
      batchCount: (samples.count + options.batchSize - 1) / options.batchSize)
  }

  func rowCount(ofBatch batch: Int) -> Int { min(batchSize, draws.count - batch * batchSize) }
  func draw(batch: Int, row: Int) -> Sampler.Draw { draws[batch * batchSize + row] }
}
