import SentryPluginAPI

/// What can be judged without reading a sample: labels, groups and names.
extension DatasetCheck {
  mutating func readLabels() throws {
    let tasks = dataset.specification.tasks
    var broken: [String] = []
    for split in Split.allCases {
      let count = try dataset.believedCount(in: split)
      var counts = tasks.map { [Int](repeating: 0, count: $0.classes.count) }
      for index in 0..<count {
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
          split: DataReport.name(split), samples: count,
          tasks: zip(tasks, counts).map { task, counts in
            DataReport.Task(
              name: task.name, counts: Dictionary(zip(task.classes, counts)) { first, _ in first },
              classes: task.classes, unlabelled: count - counts.reduce(0, +))
          }))
    }
    if !broken.isEmpty {
      report.add(.problem, "bad-label", broken.count, broken, "\(broken.count) samples have labels that cannot be read")
    }
  }

  mutating func judgeLabels() {
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
    for side in report.splits.dropFirst() where side.samples > 0 {
      for (task, trained) in zip(side.tasks, report.splits[0].tasks) where task.unlabelled < side.samples {
        let absent = task.classes.filter { task.counts[$0, default: 0] == 0 && trained.counts[$0, default: 0] > 0 }
        guard !absent.isEmpty else { continue }
        let rest = task.classes.count { task.counts[$0, default: 0] > 0 }
        report.add(
          .warning, "missing-class-\(side.split)", absent.count, [],
          "task \(task.name): no \(side.split) sample is \(absent.joined(separator: ", ")): "
            + (side.split == DataReport.name(.validation)
              ? "the best model is chosen by the other \(rest) \(rest == 1 ? "class" : "classes") alone"
              : "results say nothing of them"))
      }
    }
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

  mutating func judgeGroups() {
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

  /// Frames of one recording are nearly alike: where no groups are known, names tell of them.
  mutating func judgeNames() {
    guard places.allSatisfy({ dataset.group(at: $0.index, in: $0.split) == nil }) else { return }
    let classes = targets.map { ($0.first ?? nil) ?? -1 }
    guard let names = RecordingNames(places.map { dataset.name(at: $0.index, in: $0.split) }, classes: classes) else {
      return
    }
    let what = "names look like frames of \(names.count) recordings or people"
    let trained = Set(places.indices.filter { places[$0].split == .train }.compactMap { names.groups[$0] })
    let held = places.indices.filter { places[$0].split != .train }
    guard !held.isEmpty, !trained.isEmpty else {
      report.add(
        .warning, "recordings-by-name", names.count, [names.example],
        "\(what): sentry train holds out whole ones where there is no validation split")
      return
    }
    let shared = held.filter { names.groups[$0].map(trained.contains) ?? false }
    guard !shared.isEmpty else { return }
    report.add(
      .warning, "shared-recordings-by-name", shared.count, shared.prefix(DataReport.examples).map { name(places[$0]) },
      "\(what), and \(shared.count) of \(held.count) validation and test samples are of ones that training has, too")
  }

  private func group(_ place: Place) -> Int { dataset.group(at: place.index, in: place.split) ?? -1 }
}
