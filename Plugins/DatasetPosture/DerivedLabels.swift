import SentryPluginAPI
import SentryPosture
import SentryTables

/// Labels by the ``FeatureRule`` for sequences that have none.
enum DerivedLabels {
  /// Fills in what is missing. Returns what a reader of the run should know.
  static func fill(
    _ sequences: inout [Split: [PostureSequence]], width: Int, store: ArrayStore, host: Host?
  ) throws -> [String] {
    guard FeatureRule.widths.contains(width) else {
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
        let frames = try FeatureRule.liveFeatures(store.values(of: sequence.file), width: width)
        for (task, label) in [
          (stress, FeatureRule.stress(frames).number), (trajectory, FeatureRule.trajectory(frames).number),
        ]
        where sequence.targets[task] == nil {
          sequences[split]?[position].targets[task] = label
          derived[task, default: 0] += 1
        }
      }
    }
    return [stress, trajectory].map {
      "\(Notes.counted(derived[$0, default: 0], "label")) of \(PostureTasks.all[$0].name) derived by the feature rule (derive-labels), not observed"
    }
  }
}
