import SentryPluginAPI

/// One pass over samples, cut into batches: an epoch of training, or a validation.
package struct LoadingPass: Sendable {
  package let samples: SampleList
  package let draws: [SampleDraw]
  package let batchSize: Int
  package let epoch: Int
  package let strength: @Sendable (SampleDraw) -> AugmentStrength
  package let remedy: SampleReader.Remedy
  package let batchCount: Int

  package init(
    samples: SampleList, draws: [SampleDraw], batchSize: Int, epoch: Int,
    strength: @escaping @Sendable (SampleDraw) -> AugmentStrength, remedy: SampleReader.Remedy, batchCount: Int
  ) {
    self.samples = samples
    self.draws = draws
    self.batchSize = batchSize
    self.epoch = epoch
    self.strength = strength
    self.remedy = remedy
    self.batchCount = batchCount
  }

  /// All samples once, in order, without randomness.
  package static func validation(_ samples: SampleList, epoch: Int, options: RunOptions) -> LoadingPass {
    LoadingPass(
      samples: samples, draws: (0..<samples.count).map { SampleDraw(position: $0) }, batchSize: options.batchSize,
      epoch: epoch, strength: { _ in .none }, remedy: .leaveOut,
      batchCount: (samples.count + options.batchSize - 1) / options.batchSize)
  }

  package func rowCount(ofBatch batch: Int) -> Int { min(batchSize, draws.count - batch * batchSize) }
  package func draw(batch: Int, row: Int) -> SampleDraw { draws[batch * batchSize + row] }
}

/// One visit to a sample.
package struct SampleDraw: Sendable, Equatable {
  /// Of the sample in the list.
  package var position: Int
  /// 0 for the sample itself, 1, 2, … where balancing draws it again.
  package var ordinal = 0

  package init(position: Int, ordinal: Int = 0) {
    (self.position, self.ordinal) = (position, ordinal)
  }
}
