import SentryPluginAPI

/// One pass over samples, cut into batches: an epoch of training, or a validation.
struct LoadingPass: Sendable {
  let samples: SampleList
  let draws: [SampleDraw]
  let batchSize: Int
  let epoch: Int
  let strength: @Sendable (SampleDraw) -> AugmentStrength
  let remedy: SampleReader.Remedy
  let batchCount: Int

  /// All samples once, in order, without randomness.
  static func validation(_ samples: SampleList, epoch: Int, options: RunOptions) -> LoadingPass {
    LoadingPass(
      samples: samples, draws: (0..<samples.count).map { SampleDraw(position: $0) }, batchSize: options.batchSize,
      epoch: epoch, strength: { _ in .none }, remedy: .leaveOut,
      batchCount: (samples.count + options.batchSize - 1) / options.batchSize)
  }

  func rowCount(ofBatch batch: Int) -> Int { min(batchSize, draws.count - batch * batchSize) }
  func draw(batch: Int, row: Int) -> SampleDraw { draws[batch * batchSize + row] }
}
