/// What became of the frames of a source.
package struct ExtractionCounts: Codable, Sendable, Equatable {
  /// Decoded.
  package var frames = 0
  /// Passed over by --fps.
  package var skipped = 0
  /// In sequences.
  package var rows = 0
  /// Rows that repeat the one before.
  package var held = 0
  /// Frames without a row.
  package var absent = 0
  package var sequences = 0
  /// Sequences that were too short, and their rows.
  package var dropped = 0
  package var droppedRows = 0
  /// Sightings from which no row could be computed.
  package var unusable = 0
  /// Ticks of --fps for which the source has no frame of its own.
  package var ticksWithoutFrame = 0

  package init() {}

  package static func += (sum: inout ExtractionCounts, part: ExtractionCounts) {
    for count in [
      \ExtractionCounts.frames, \.skipped, \.rows, \.held, \.absent, \.sequences, \.dropped, \.droppedRows, \.unusable,
      \.ticksWithoutFrame,
    ] { sum[keyPath: count] += part[keyPath: count] }
  }
}
