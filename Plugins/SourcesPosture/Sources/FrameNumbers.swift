/// Where the frames of a recording lie in time, from the numbers in the names of their files: what has no file shows as a gap.
struct FrameNumbers {
  /// Frames since the first file, by file; names that tell nothing follow each other.
  private(set) var positions: [Int] = []
  /// As the names write them; the place in the list where they tell nothing.
  private(set) var numbers: [Int] = []

  /// - Parameter files: in their order.
  init(_ files: [String]) {
    let read = files.map(Self.read)
    let steps = zip(read, read.dropFirst()).compactMap { before, after -> Int? in
      guard let before, let after, before.prefix == after.prefix, after.number > before.number else { return nil }
      return after.number - before.number
    }
    // Numbers that do not rise are no numbers of frames.
    guard steps.count == files.count - 1 else {
      positions = Array(files.indices)
      numbers = positions
      return
    }
    // Every fifth frame may have been kept: the most frequent step is one frame, the shortest where several are.
    let counts = Dictionary(steps.map { ($0, 1) }, uniquingKeysWith: +)
    let step = counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? 1
    numbers = read.compactMap { $0?.number }
    positions = numbers.reduce(into: []) { positions, number in
      guard let last = positions.last else { return positions.append(0) }
      let gap = number - numbers[positions.count - 1]
      positions.append(last + max(1, Int((Double(gap) / Double(step)).rounded())))
    }
  }

  /// Frames without a file before this one.
  func missing(before index: Int) -> Int { index == 0 ? 0 : positions[index] - positions[index - 1] - 1 }

  /// The last number in a name, and what stands before it.
  private static func read(_ name: String) -> (prefix: Substring, number: Int)? {
    let stem = name.prefix(upTo: name.lastIndex(of: ".") ?? name.endIndex)
    let isDigit: (Character) -> Bool = { $0.isASCII && $0.isNumber }
    guard let end = stem.lastIndex(where: isDigit) else { return nil }
    let head = stem[...end]
    let start = head.lastIndex { !isDigit($0) }.map(head.index(after:)) ?? head.startIndex
    return Int(head[start...]).map { (head[..<start], $0) }
  }
}

/// What cuts a recording into sequences, for the reader of the notes.
struct RecordingCuts {
  /// Frames in which whoever is followed is not there.
  private struct Gap {
    let first, last, frames: Int
    let isMissing: Bool
  }

  private var gap: Gap?
  private var gaps: [Gap] = []

  /// A frame, or several, after a sequence and before the next.
  mutating func absent(first: Int, last: Int, frames: Int, isMissing: Bool) {
    if let open = gap, open.isMissing == isMissing {
      gap = Gap(first: open.first, last: last, frames: open.frames + frames, isMissing: isMissing)
    } else {
      if let gap { gaps.append(gap) }
      gap = Gap(first: first, last: last, frames: frames, isMissing: isMissing)
    }
  }

  /// A sequence begins; gaps count from now on.
  mutating func resumed() {
    if let gap { gaps.append(gap) }
    gap = nil
  }

  /// nil where nothing is cut.
  func note(_ recording: String, sequences: Int) -> String? {
    guard sequences > 1 else { return nil }
    let texts = gaps.prefix(5).map { gap in
      let frames = gap.frames == 1 ? "frame \(gap.first)" : "frames \(gap.first) to \(gap.last)"
      return "\(frames) \(gap.isMissing ? (gap.frames == 1 ? "has no file" : "have no files") : "without the person")"
    }
    return "\(recording) is cut into \(sequences) sequences, which stay in one split: " + texts.joined(separator: ", ")
      + (gaps.count > 5 ? " and \(gaps.count - 5) more gaps" : "")
  }
}
