import SentryPluginAPI
import SentryPosture
import SentryTables

/// Labels by rule for sequences that have none, from the 15 live features of their frames.
///
/// stress, by movement: `excessive_stillness` where the mean stillness is over 0.9, else `restless` where landmarks move by
/// more than 0.6 a frame in sum, else `fidgeting` where the mean of the fidgeting index is over 0.3 and they move by more than
/// 0.1, else `calm`.
///
/// trajectory, by the slope of a posture score (the mean of how straight the spine, how open the chest and how upright the
/// head is, each 0…1): `improving` where the line of least squares rises by more than 0.1 from end to end, `deteriorating`
/// where it falls by more, else `stable`.
enum DerivedLabels {
  static let widths = [15, 99]

  /// Fills in what is missing. Returns what a reader of the run should know.
  static func fill(
    _ sequences: inout [Split: [PostureSequence]], width: Int, store: ArrayStore, host: Host?
  ) throws -> [String] {
    guard widths.contains(width) else {
      throw PluginError.invalid(
        "derive-labels needs 15 live features or 33 landmarks of 3 numbers, the sequences have \(width)",
        hint: "leave it out: missing labels are masked")
    }
    let (stress, trajectory) = (1, 2)
    var derived = [stress: 0, trajectory: 0]
    for split in Split.allCases {
      for position in sequences[split, default: []].indices {
        guard let sequence = sequences[split]?[position],
          sequence.targets[stress] == nil || sequence.targets[trajectory] == nil
        else { continue }
        try host?.checkCancellation()
        let frames = try liveFeatures(store.values(of: sequence.file), width: width)
        for (task, label) in [(stress, Self.stress(frames)), (trajectory, Self.trajectory(frames))]
        where sequence.targets[task] == nil {
          sequences[split]?[position].targets[task] = label
          derived[task, default: 0] += 1
        }
      }
    }
    return [stress, trajectory].map {
      "\(Notes.counted(derived[$0, default: 0], "label")) of \(PostureTasks.all[$0].name) derived by rule (derive-labels), not observed"
    }
  }

  /// [frames][15]
  static func liveFeatures(_ values: [Float], width: Int) throws -> [[Float]] {
    let frames = stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
    guard width != PostureFeatures.count else { return frames }
    var features = PostureFeatures()
    return try frames.map { frame in
      try features.next(
        stride(from: 0, to: frame.count, by: 3).map { PoseLandmark(x: frame[$0], y: frame[$0 + 1], z: frame[$0 + 2]) })
    }
  }

  static func stress(_ frames: [[Float]]) -> Int {
    func mean(_ feature: Int) -> Float { frames.reduce(0) { $0 + $1[feature] } / Float(frames.count) }
    let (movement, stillness, fidgeting) = (mean(6), mean(9), mean(10))
    if stillness > 0.9 { return 3 }
    if movement > 0.6 { return 2 }
    return fidgeting > 0.3 && movement > 0.1 ? 1 : 0
  }

  static func trajectory(_ frames: [[Float]]) -> Int {
    guard frames.count > 1 else { return 0 }
    let scores = frames.map { frame -> Float in
      let straight = 1 - min(abs(frame[2]) * 2, 1)
      let open = min(frame[3] / 0.3, 1)
      let up = 1 - min(abs(frame[1]) * 3, 1)
      return (straight + open + up) / 3
    }
    let middle = Float(frames.count - 1) / 2
    let mean = scores.reduce(0, +) / Float(scores.count)
    var (products, squares): (Float, Float) = (0, 0)
    for (frame, score) in scores.enumerated() {
      let time = Float(frame) - middle
      (products, squares) = (products + time * (score - mean), squares + time * time)
    }
    let rise = products / squares * Float(frames.count - 1)
    return rise > 0.1 ? 2 : rise < -0.1 ? 1 : 0
  }
}
