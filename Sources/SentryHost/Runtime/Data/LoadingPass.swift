import SentryPluginAPI

/// One pass over samples, cut into batches: an epoch of training, or a validation.
package struct LoadingPass: Sendable {
  package let samples: SampleList
  package let draws: [SampleDraw]
  package let batchSize: Int
  /// Those of a batch that this process loads.
  package let rows: Range<Int>
  package let epoch: Int
  package let strength: @Sendable (SampleDraw) -> AugmentStrength
  package let remedy: SampleReader.Remedy
  package let batchCount: Int

  package init(
    samples: SampleList, draws: [SampleDraw], batchSize: Int, epoch: Int,
    strength: @escaping @Sendable (SampleDraw) -> AugmentStrength, remedy: SampleReader.Remedy, batchCount: Int,
    rows: Range<Int>? = nil
  ) {
    self.samples = samples
    self.draws = draws
    self.batchSize = batchSize
    self.epoch = epoch
    self.strength = strength
    self.remedy = remedy
    self.batchCount = batchCount
    self.rows = rows ?? 0..<batchSize
  }

  /// Samples once, in order, without randomness.
  ///
  /// - Parameters:
  ///   - part: the positions in the list of those that this process takes; nil: all.
  ///   - batchSize: nil: that of the run.
  package static func validation(
    _ samples: SampleList, _ part: Range<Int>? = nil, batchSize: Int? = nil, epoch: Int, options: RunOptions
  ) -> LoadingPass {
    let (positions, batchSize) = (part ?? 0..<samples.count, batchSize ?? options.batchSize)
    return LoadingPass(
      samples: samples, draws: positions.map { SampleDraw(position: $0) }, batchSize: batchSize, epoch: epoch,
      strength: { _ in .none }, remedy: .leaveOut, batchCount: (positions.count + batchSize - 1) / batchSize)
  }

  package func rowCount(ofBatch batch: Int) -> Int {
    min(rows.upperBound, draws.count - batch * batchSize) - rows.lowerBound
  }
  package func draw(batch: Int, row: Int) -> SampleDraw { draws[batch * batchSize + rows.lowerBound + row] }
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
