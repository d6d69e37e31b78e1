import SentryPluginAPI
import SentryPosture
import SentryTables

extension PostureDataset: StatisticsProviding {
  /// Mean and deviation of every feature over the frames of these windows, each frame once however many windows it is in,
  /// and without what fills up short ones; or what stands beside the splits.
  func statistics(of indices: [Int], in split: Split) throws -> FeatureStatistics {
    if let givenStatistics { return givenStatistics }
    var covered: [Int: [Bool]] = [:]
    for index in indices {
      let (sequence, window) = try place(index, split)
      let position = windows[split, default: []][index].sequence
      let last = min(window.start + options.sequenceLength, sequence.frames)
      for frame in window.start..<last {
        covered[position, default: [Bool](repeating: false, count: sequence.frames)][frame] = true
      }
    }
    var sums = FeatureSums(width: width)
    for (position, frames) in covered.sorted(by: { $0.key < $1.key }) {
      try host?.checkCancellation()
      guard let sequence = sequences[split]?[position] else { continue }
      do {
        sums.add(try store.values(of: sequence.file), where: frames)
      } catch let error as PluginError {
        host?.log(.warning, "left out of mean and deviation: \(error.message)")
      }
    }
    return try sums.statistics()
  }
}
