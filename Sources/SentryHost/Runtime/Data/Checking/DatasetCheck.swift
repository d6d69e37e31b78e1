import SentryPluginAPI

/// Looks at every sample and every label of a dataset.
package struct DatasetCheck {
  struct Place: Hashable {
    var split: Split
    var index: Int
  }
  private enum Reading: Sendable {
    case read(Digest256, isFinite: Bool, hashes: [PerceptualHash]?)
    case failed(String)
  }

  let dataset: any Dataset
  let progress: WorkProgress
  var report: DataReport
  var places: [Place] = []
  var targets: [[Int?]] = []

  /// Throws ``PluginError`` where the user stops it or the dataset cannot even be counted.
  /// - Parameter seeksNearCopies: of pictures.
  package static func run(
    _ dataset: any Dataset, path: String, name: String, seeksNearCopies: Bool = true, progress: WorkProgress
  ) throws -> DataReport {
    var check = DatasetCheck(dataset: dataset, progress: progress, report: DataReport(path: path, dataset: name))
    check.report.notes = dataset.specification.notes
    try check.readLabels()
    check.judgeLabels()
    check.judgeGroups()
    check.judgeNames()
    let readings = try check.readSamples(hashing: seeksNearCopies && check.holdsPictures)
    check.judge(readings)
    if seeksNearCopies, check.holdsPictures {
      let parts = readings.map { reading -> (digest: Digest256?, hashes: [PerceptualHash]?) in
        if case .read(let digest, _, let hashes) = reading { (digest, hashes) } else { (nil, nil) }
      }
      try check.judgeNearCopies(parts.map(\.hashes), digests: parts.map(\.digest))
    }
    return check.report
  }

  private init(dataset: any Dataset, progress: WorkProgress, report: DataReport) {
    (self.dataset, self.progress, self.report) = (dataset, progress, report)
  }

  func name(_ place: Place) -> String {
    "\(DataReport.name(place.split)): \(dataset.name(at: place.index, in: place.split))"
  }

  private func readSamples(hashing: Bool) throws -> [Reading] {
    let (dataset, places, isPicture) = (dataset, places, holdsPictures)
    return try ParallelReading.map(places.count, "reading samples", progress: progress) { index in
      do {
        let sample = try dataset.sample(at: places[index].index, in: places[index].split)
        return withExtendedLifetime(sample) {
          .read(
            Digest256(sample, isPicture: isPicture), isFinite: sample.isFinite,
            hashes: hashing ? Thumbnail(sample).flatMap(PerceptualHash.all) : nil)
        }
      } catch {
        return .failed((error as? PluginError)?.message ?? "\(error)")
      }
    }
  }

  private mutating func judge(_ readings: [Reading]) {
    var (unreadable, infinite): ([String], [String]) = ([], [])
    var byDigest: [Digest256: [Int]] = [:]
    for (row, reading) in readings.enumerated() {
      switch reading {
      case .failed(let why):
        let name = name(places[row])
        unreadable.append(
          why.contains(dataset.name(at: places[row].index, in: places[row].split)) ? why : "\(name): \(why)")
      case .read(let digest, let isFinite, _):
        byDigest[digest, default: []].append(row)
        if !isFinite { infinite.append(name(places[row])) }
      }
    }
    report.readSamples = readings.count - unreadable.count
    report.distinctSamples = byDigest.count
    if !unreadable.isEmpty {
      report.add(.problem, "unreadable", unreadable.count, unreadable, "\(unreadable.count) samples cannot be read")
    }
    if !infinite.isEmpty {
      report.add(.problem, "not-finite", infinite.count, infinite, "\(infinite.count) samples hold NaN or infinity")
    }
    judgeRepetitions(byDigest.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] })
  }

  /// - Parameter groups: rows of identical samples.
  private mutating func judgeRepetitions(_ groups: [[Int]]) {
    func shown(_ rows: some Sequence<Int>) -> String { rows.map { name(places[$0]) }.joined(separator: " = ") }
    for (first, second) in [(Split.train, Split.validation), (.train, .test), (.validation, .test)] {
      let shared = groups.filter { group in
        group.contains { places[$0].split == first } && group.contains { places[$0].split == second }
      }
      let count = shared.reduce(0) { sum, group in sum + group.count { places[$0].split == second } }
      guard count > 0 else { continue }
      let all = report.splits[Int(second.rawValue)].samples
      report.add(
        .problem, "leak", count,
        shared.prefix(DataReport.examples).map { group in
          shown([first, second].compactMap { split in group.first { places[$0].split == split } })
        },
        "leak: \(count) of \(all) \(DataReport.name(second)) samples are identical to \(DataReport.name(first)) samples"
      )
    }
    for split in Split.allCases {
      let repeated = groups.map { group in group.filter { places[$0].split == split } }.filter { $0.count > 1 }
      let count = repeated.reduce(0) { $0 + $1.count - 1 }
      guard count > 0 else { continue }
      report.add(
        .warning, "repeated", count, repeated.prefix(DataReport.examples).map { shown($0.prefix(3)) },
        "\(count) \(DataReport.name(split)) samples repeat an earlier one of the same split")
    }
    let conflicting = groups.filter { group in Set(group.map { targets[$0] }).count > 1 }
    if !conflicting.isEmpty {
      report.add(
        .problem, "conflicting-labels", conflicting.count,
        conflicting.prefix(DataReport.examples).map { group in
          // One of each kind of labels.
          var seen: Set<[Int?]> = []
          return shown(group.filter { seen.insert(targets[$0]).inserted })
        },
        "\(conflicting.count) groups of identical samples have different labels")
    }
  }
}

extension Tensor {
  /// Whether floating-point elements are all finite; other types always are.
  fileprivate var isFinite: Bool {
    switch dtype {
    case .float32: (try? elements(as: Float.self).allSatisfy(\.isFinite)) ?? false
    case .float64: (try? elements(as: Double.self).allSatisfy(\.isFinite)) ?? false
    default: true
    }
  }
}
