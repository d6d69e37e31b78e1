extension PostureWriter {
  /// The split of each sequence. What was recorded without a break is never parted: neighbouring frames are nearly the same,
  /// and a model would be judged by what it has learnt.
  func divide(share: Double, whole: PreparerOptions.Whole, seed: UInt64, _ notes: inout [String]) -> [String] {
    guard share > 0 else {
      notes.append("val-fraction is 0: everything is for training")
      return written.map { _ in "train" }
    }
    // Who was there before stays on the same side.
    let fixed = whole == .subject ? existing.sides : [:]
    let groups = written.map { whole == .subject ? $0.group : $0.recording }
    var sizes: [String: Int] = [:]
    for group in groups where fixed[group] == nil { sizes[group, default: 0] += 1 }
    let isKnown = written.allSatisfy { $0.labels.subject != nil }
    let kind = isKnown && whole == .subject ? "subject" : "recording"
    let chosen = SubjectSplit.validation(sizes, share: share, seed: seed)
    if let chosen {
      notes.append(
        "split by \(kind): \(chosen.count) of \(sizes.count) are kept for validation (seed \(seed))"
          + (kind == "subject"
            ? "" : isKnown ? "; one person may be on both sides" : "; people are unknown: one may be on both sides"))
    } else if existing.isNew {
      let recordings = Set(written.map(\.recording)).count
      notes.append(
        "there is only one \(kind): all of it is for training, and there is no validation split; bring recordings of other "
          + "people"
          + (kind == "subject" && recordings > 1
            ? ", or part the \(recordings) recordings of this one (--set split=recording)" : ""))
    }
    return groups.map { fixed[$0] ?? (chosen?.contains($0) == true ? "val" : "train") }
  }

  /// Whether somebody is in both splits, what was there before included.
  func isShared(_ sides: [String]) -> Bool {
    var places = existing.sides.mapValues { Set([$0]) }
    for (sequence, side) in zip(written, sides) {
      if let subject = sequence.labels.subject { places[subject, default: []].insert(side) }
    }
    return places.values.contains { $0.count > 1 }
  }
}
