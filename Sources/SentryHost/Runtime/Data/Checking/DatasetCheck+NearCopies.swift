import SentryPluginAPI

extension DatasetCheck {
  /// Whether samples are pictures, as far as the dataset says it.
  var holdsPictures: Bool {
    let sample = dataset.specification.sample
    return sample.dtype == .uint8 && sample.shape.count == 3 && (sample.layout ?? "HWC") == "HWC"
  }

  /// Tells near copies across splits; within the training split where there is no other, since a part of it will be held out.
  mutating func judgeNearCopies(_ hashes: [[PerceptualHash]?], digests: [Digest256?]) throws {
    let (dataset, places) = (dataset, places)
    let search = NearCopies(hashes: hashes, progress: progress) { row in
      guard let sample = try? dataset.sample(at: places[row].index, in: places[row].split) else { return nil }
      return withExtendedLifetime(sample) { Thumbnail(sample) }
    }
    func rows(_ split: Split) -> [Int] { places.indices.filter { places[$0].split == split && hashes[$0] != nil } }
    let isAlone = Split.allCases.count { !rows($0).isEmpty } == 1
    let sides: [(Split, Split)] =
      isAlone
      ? Split.allCases.filter { !rows($0).isEmpty }.map { ($0, $0) }
      : [(.train, .validation), (.train, .test), (.validation, .test)]
    for (first, second) in sides {
      let all = rows(second)
      guard !all.isEmpty, !rows(first).isEmpty else { continue }
      let pairs = try search.pairs(rows(first), all) { one, other in
        // Identical ones are told already; of a pair within a split, once.
        digests[one] == digests[other] || (first == second && one > other)
      }
      guard let pairs else {
        report.add(
          .warning, "near-copies-unknown", 0, [],
          "near copies of \(DataReport.name(first)) in \(DataReport.name(second)) were not looked for: there are too many samples"
        )
        continue
      }
      guard !pairs.isEmpty else { continue }
      let examples = pairs.prefix(DataReport.examples).map { pair in
        let what = [pair.orientation.description, "correlation \(NumberText.fixed(Double(pair.correlation), 3))"]
        return
          "\(name(places[pair.first])) ~ \(name(places[pair.second])) (\(what.compactMap(\.self).joined(separator: ", ")))"
      }
      report.add(
        isAlone ? .warning : .problem, isAlone ? "near-copies" : "near-leak", pairs.count, examples,
        isAlone
          ? "near copies: \(pairs.count) of \(all.count) \(DataReport.name(first)) samples are an earlier one mirrored, turned, scaled, "
            + "brighter or encoded anew; held out, they would flatter the accuracy"
          : "near copies: \(pairs.count) of \(all.count) \(DataReport.name(second)) samples are \(DataReport.name(first)) samples "
            + "mirrored, turned, scaled, brighter or encoded anew")
    }
  }
}
