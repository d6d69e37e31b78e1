import SentryPluginAPI

/// Where sequences and the index of one source go.
protocol SequenceOutput: AnyObject {
  /// Begins a sequence.
  /// - Returns: its name.
  func begin(person: Int?) throws -> String
  func append(_ values: [Float], to sequence: String) throws
  func end(_ sequence: String) throws
  func write(_ row: IndexRow) throws
}

/// Cuts the frames of a source into sequences, and accounts for every frame.
///
/// A frame that does not show a person repeats that person's last row if the person is out of sight for at most `gap`
/// seconds. A longer gap ends the sequence with the last frame that shows the person; the next sight begins a new one.
/// Memory does not grow with the length: a frame waits until it is known what its rows are, at most for the gap.
final class SequenceCutter {
  /// Shorter sequences are dropped.
  static let fewestRows = 2

  /// A row that may not be decided yet.
  private final class Row {
    let person: Int?, confidence: Float?
    /// nil: out of sight, and not known for how long.
    var state: IndexRow.State?
    var place: (sequence: String, row: Int)?
    var isDecided = false

    init(_ person: Int?, _ confidence: Float?, _ state: IndexRow.State?) {
      (self.person, self.confidence, self.state) = (person, confidence, state)
    }
  }

  private struct Frame {
    let observation: Observation
    var rows: [Row] = []
  }

  private final class Track {
    let person: Int?
    var rows = HeldRows()
    /// Rows before there are enough for a sequence.
    var early: [(row: Row, values: [Float])] = []
    var sequence: (name: String, rows: Int)?
    /// Rows since the last sight.
    var pending: [Row] = []

    init(_ person: Int?) { self.person = person }
  }

  private let values: any RowValues
  private let gap: Double
  private let output: any SequenceOutput
  private var frames: [Frame] = []
  private var tracks: [Int: Track] = [:]
  private(set) var counts = ExtractionCounts()
  /// The row of the last sight in the newest frame; empty without.
  private(set) var latest: [Float] = []

  init(_ values: any RowValues, gap: Double, output: any SequenceOutput) {
    (self.values, self.gap, self.output) = (values, gap, output)
  }

  /// How many frames wait for what comes after them.
  var waiting: Int { frames.count }

  func next(_ observation: Observation) throws {
    counts.frames += 1
    latest = []
    var frame = Frame(observation: observation)
    if !observation.isSkipped {
      for (key, track) in tracks.sorted(by: { $0.key < $1.key }) where track.rows.isOver(at: observation.time, gap: gap)
      {
        try end(track)
        tracks[key] = nil
      }
      values.keep(Set(tracks.keys))
      var present: Set<Int> = []
      for instance in observation.instances {
        guard let row = try see(instance, at: observation) else { continue }
        present.insert(instance.key)
        frame.rows.append(row)
      }
      for (key, track) in tracks.sorted(by: { $0.key < $1.key }) where !present.contains(key) {
        let row = Row(track.person, nil, nil)
        track.pending.append(row)
        track.rows.miss()
        frame.rows.append(row)
      }
    }
    frames.append(frame)
    try flush()
  }

  /// The end of the source.
  func finish() throws -> ExtractionCounts {
    for (_, track) in tracks.sorted(by: { $0.key < $1.key }) { try end(track) }
    tracks = [:]
    try flush()
    return counts
  }

  /// - Returns: nil if no values can be computed from this sight.
  private func see(_ instance: Instance, at frame: Observation) throws -> Row? {
    guard let vector = try values.row(of: instance, frame: frame.index, at: frame.time) else {
      counts.unusable += 1
      return nil
    }
    let track = tracks[instance.key] ?? Track(instance.id)
    tracks[instance.key] = track
    for row in track.pending { row.state = .held }
    let row = Row(instance.id, instance.score, .seen)
    for (row, vector) in zip(track.pending + [row], track.rows.see(vector, at: frame.time)) {
      try give(row, vector, to: track)
    }
    track.pending = []
    latest = vector
    return row
  }

  private func give(_ row: Row, _ vector: [Float], to track: Track) throws {
    guard track.sequence == nil else { return try write(row, vector, track) }
    track.early.append((row, vector))
    guard track.early.count >= Self.fewestRows else { return }
    track.sequence = (try output.begin(person: track.person), 0)
    counts.sequences += 1
    for (row, vector) in track.early { try write(row, vector, track) }
    track.early = []
  }

  private func write(_ row: Row, _ vector: [Float], _ track: Track) throws {
    guard let (name, rows) = track.sequence else { return }
    try output.append(vector, to: name)
    row.place = (name, rows)
    row.isDecided = true
    track.sequence = (name, rows + 1)
    counts.rows += 1
    if row.state == .held { counts.held += 1 }
  }

  private func end(_ track: Track) throws {
    for row in track.pending { (row.state, row.isDecided) = (.absent, true) }
    for (row, _) in track.early { row.isDecided = true }
    if let sequence = track.sequence { try output.end(sequence.name) }
    guard !track.early.isEmpty else { return }
    counts.dropped += 1
    counts.droppedRows += track.early.count
  }

  private func flush() throws {
    let count = frames.firstIndex { !$0.rows.allSatisfy(\.isDecided) } ?? frames.count
    for frame in frames[..<count] {
      let (index, time) = (frame.observation.index, frame.observation.time)
      let rows = frame.rows.filter { $0.state != .absent }.map {
        IndexRow(
          place: $0.place, frame: index, time: time, person: $0.person, confidence: $0.confidence,
          state: $0.state ?? .absent)
      }
      if frame.observation.isSkipped { counts.skipped += 1 } else if rows.isEmpty { counts.absent += 1 }
      let none = IndexRow(frame: index, time: time, state: frame.observation.isSkipped ? .skipped : .absent)
      for row in rows.isEmpty ? [none] : rows { try output.write(row) }
    }
    frames.removeFirst(count)
  }
}
