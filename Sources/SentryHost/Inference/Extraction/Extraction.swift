import CSentryPlugin
import SentryPluginAPI
import SentryRuntime

/// From frames to sequences of rows in a folder.
package final class Extraction {
  package struct Options: Sendable {
    /// Rows per second; nil: one for every frame.
    package var rate: Double?
    package var person: PersonRule

    package init(rate: Double? = nil, person: PersonRule = .largest) { (self.rate, self.person) = (rate, person) }

    /// The longest time out of sight: half a second, or two rows where these take longer.
    var gap: Double { max(KeypointFeatures.longestGap, rate.map { 2 / $0 } ?? 0) }
  }

  private let options: Options
  private let folder: ExtractionFolder
  /// Faults that did not end a source, one sentence each.
  package private(set) var notes: [String] = []

  package init(options: Options, folder: ExtractionFolder) { (self.options, self.folder) = (options, folder) }

  /// Extracts a source; it appears in the folder whole or not at all.
  /// - Parameter values: what computes the rows of this source.
  /// - Throws: ``PluginError``; cancelled if the user stops it.
  package func extract(
    _ source: ExtractionSources.Source, _ frames: any ObservedFrames, values: any RowValues
  ) throws -> SourceRecord {
    let output = try SourceOutput(
      folder, source: source.path, origin: source.origin, namesPersons: options.person == .all)
    var choice = PersonChoice(options.person, gap: options.gap)
    let cutter = SequenceCutter(values, gap: options.gap, output: output)
    try mappingFormatErrors {
      try frames.forEach { frame in
        if HostState.shared.isCancelled { throw PluginError("stopped by the user", code: SENTRY_CANCELLED) }
        if options.person.needsTracking, frame.instances.contains(where: { $0.id == nil }) {
          throw PluginError.invalid(
            "--person \(options.person): \(frames.finder) does not tell one \(frames.instances) from another",
            hint: "--person largest")
        }
        let decided = choice.next(frame)
        for frame in decided { try cutter.next(frame) }
        let state = Self.state(of: decided.last, isChoosing: choice.isChoosing, frames.instances)
        return Followed(state: state, values: choice.isChoosing ? [] : Array(zip(values.names, cutter.latest)))
      }
    }
    for frame in choice.finish() { try cutter.next(frame) }
    var counts = try cutter.finish()
    counts.ticksWithoutFrame = frames.ticksWithoutFrame
    if case .id(let id) = options.person, counts.sequences + counts.dropped == 0, !choice.others.isEmpty {
      let others = choice.others.sorted().map(String.init).joined(separator: ", ")
      notes.append("\(source.path): \(frames.instances) \(id) is in none of the frames; there are \(others)")
    }
    notes += frames.notes.map { "\(source.path): \($0)" }
    return try output.finish(counts)
  }

  private static func state(of followed: Observation?, isChoosing: Bool, _ instances: String) -> String {
    guard !isChoosing, let followed else { return Followed.choosing }
    let names = followed.instances.map { $0.id.map { " \($0)" } ?? "" }.joined()
    return followed.instances.isEmpty ? "not seen" : instances + names
  }
}
