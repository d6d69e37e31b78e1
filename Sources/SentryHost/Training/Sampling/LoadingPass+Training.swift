import SentryPluginAPI
import SentryRuntime

extension LoadingPass {
  /// A training epoch. The last batch is dropped where it is not full.
  /// - Parameter share: the rows of every batch that this process trains on; nil: all.
  package static func training(_ sampler: Sampler, epoch: Int, options: RunOptions, share: BatchShare? = nil)
    -> LoadingPass
  {
    let draws = sampler.order(epoch: epoch)
    return LoadingPass(
      samples: sampler.samples, draws: draws, batchSize: options.batchSize, epoch: epoch,
      strength: { options.strength(of: $0) }, remedy: .replace, batchCount: draws.count / options.batchSize,
      rows: share.map { $0.first..<$0.first + $0.rows })
  }
}

extension RunOptions {
  /// How strongly a draw of training is augmented: with balancing, the strong set is for what is drawn again only.
  func strength(of draw: SampleDraw) -> AugmentStrength {
    switch augmentation {
    case .none: .none
    case .mild: .mild
    case .standard: .standard
    case .strong: balance && draw.ordinal == 0 ? .standard : .strong
    }
  }
}
