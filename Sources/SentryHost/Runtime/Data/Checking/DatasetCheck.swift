import SentryPluginAPI

/// Looks at every sample and every label of a dataset.
package struct DatasetCheck {
  private struct Place: Hashable {
    var split: Split
    var index: Int
  }
  private enum Reading: Sendable {
    case read(Digest256, isFinite: Bool)
    case failed(String)
  }

  private let dataset: any Dataset
  private let progress: WorkProgress
  private var report: DataReport
  private var places: [Place] = []
  private var targets: [[Int?]] = []

  /// Throws ``PluginError`` where the user stops it or the dataset cannot even be counted.
  package static func run(_ dataset: any Dataset, path: String, name: String, progress: WorkProgress) throws
    -> DataReport
  {
    var check = DatasetCheck(dataset: dataset, progress: progress, report: DataReport(path: path, dataset: name))
    check.report.notes = dataset.specification.notes
    try check.readLabels()
    check.judgeLabels()
    check.judgeGroups()
    check.judge(try check.readSamples())
    return check.report
  }

  private init(dataset: any Dataset, progress: WorkProgress, report: DataReport) {
    (self.dataset, self.progress, self.report) = (dataset, progress, report)
  }

  private func name(_ place: Place) -> String {
    "\(DataReport.name(place.split)): \(dataset.name(at: place.index, in: place.split))"
  }

  private mutating func readLabels() throws {
    let tasks = dataset.specification.tasks
    var broken: [String] = []
    for split in Split.allCases {
      let count = dataset.count(in: split)
      var counts = tasks.map { [Int](repeating: 0, count: $0.classes.count) }
      for index in 0..<max(0, count) {
        let place = Place(split: split, index: index)
        var row = [Int?](repeating: nil, count: tasks.count)
        do {
          row = try dataset.targets(at: index, in: split)
        } catch let error as PluginError {
          broken.append("\(name(place)): \(error.message)")
        }
        for (task, target) in row.enumerated() where task < tasks.count {
          if let target, counts[task].indices.contains(target) { counts[task][target] += 1 }
        }
        places.append(place)
        targets.append(row)
      }
      report.splits.append(
        DataReport.Side(
          split: DataReport.name(split), samples: max(0, count),
          tasks: zip(tasks, counts).map { task, counts in
            DataReport.Task(
              name: task.name, counts: Dictionary(zip(task.classes, counts)) { first, _ in first },
              classes: task.classes, unlabelled: max(0, count) - counts.reduce(0, +))
          }))
    }
    if !broken.isEmpty {
      report.add(.problem, "bad-label", broken.count, broken, "\(broken.count) samples have labels that cannot be read")
    }
  }

  private mutating func judgeLabels() {
    let tasks = dataset.specification.tasks
    func samples(_ split: Split) -> Int { report.splits[Int(split.rawValue)].samples }
    if samples(.train) == 0 { report.add(.problem, "no-training", 0, [], "there are no training samples") }
    if samples(.validation) == 0 {
      report.add(.warning, "no-validation", 0, [], "there is no validation split: sentry train holds one out")
    }
    let bare = targets.indices.filter { row in !tasks.isEmpty && targets[row].allSatisfy { $0 == nil } }
    if !bare.isEmpty {
      report.add(
        .problem, "unlabelled", bare.count, bare.prefix(DataReport.examples).map { name(places[$0]) },
        "\(bare.count) samples have no label at all")
    }
    for side in report.splits where side.samples > 0 {
      for task in side.tasks where task.unlabelled > 0 {
        report.add(
          .warning, "label-gap", task.unlabelled, [],
          "task \(task.name): \(task.unlabelled) of \(side.samples) \(side.split) samples have no label")
      }
    }
    guard samples(.train) > 0 else { return }
    for task in report.splits[0].tasks {
      let present = task.classes.filter { task.counts[$0, default: 0] > 0 }
      let absent = task.classes.filter { task.counts[$0, default: 0] == 0 }
      if present.count == 1 {
        report.add(
          .warning, "constant-task", 1, [],
          "task \(task.name): every training label is \(present[0]); nothing can be learnt from it")
      } else if !present.isEmpty, !absent.isEmpty {
        report.add(
          .warning, "missing-class", absent.count, [],
          "task \(task.name): no training sample is \(absent.joined(separator: ", "))")
      }
    }
  }

  private mutating func judgeGroups() {
    var splits: [Int: Set<Split>] = [:]
    for place in places {
      if let group = dataset.group(at: place.index, in: place.split) { splits[group, default: []].insert(place.split) }
    }
    let shared = Set(splits.filter { $0.value.count > 1 }.keys)
    guard !shared.isEmpty else { return }
    let first = places.filter { $0.split != .train && shared.contains(group($0)) }.prefix(DataReport.examples)
    report.add(
      .problem, "shared-group", shared.count, first.map(name),
      "\(shared.count) of \(splits.count) groups (people, recordings) have samples in several splits")
  }

  private func group(_ place: Place) -> Int { dataset.group(at: place.index, in: place.split) ?? -1 }

  private func readSamples() throws -> [Reading] {
    let (dataset, places) = (dataset, places)
    return try ParallelReading.map(places.count, "reading samples", progress: progress) { index in
      do {
        let sample = try dataset.sample(at: places[index].index, in: places[index].split)
        return withExtendedLifetime(sample) { .read(Digest256(sample), isFinite: sample.isFinite) }
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
      case .read(let digest, let isFinite):
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
