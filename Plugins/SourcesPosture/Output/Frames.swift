/// Features over time, frame by frame.
struct Frames: Sendable {
  let width: Int
  private(set) var values: [Float] = []

  init(width: Int) { self.width = width }

  var count: Int { width > 0 ? values.count / width : 0 }

  subscript(frame: Int, column: Int) -> Float { values[frame * width + column] }

  /// `row` has ``width`` values.
  mutating func append(_ row: some Collection<Float>) { values.append(contentsOf: row) }

  func slice(_ range: Range<Int>) -> Frames {
    var part = Frames(width: width)
    part.append(values[(range.lowerBound * width)..<(range.upperBound * width)])
    return part
  }

  var isFinite: Bool { values.allSatisfy(\.isFinite) }
}

/// One sequence on its way to the disk.
struct PreparedSequence: Sendable {
  /// Unique in its set.
  var name: String
  var frames: Frames
  var labels: PostureLabels
  /// What a split may not part: a subject where one is known, else a recording.
  var group: String
  /// What was recorded without a break; a preparer may have cut it.
  var recording: String
}
