import CSentryPlugin
import SentryPluginAPI

/// The samples of one split of a dataset that take part in a run, with their targets.
package struct SampleList: Sendable, Equatable {
  /// The split of the dataset that they are read from; a held-out list reads from the training split.
  package let split: Split
  /// Their indices there, ascending.
  package let indices: [Int]
  /// [count, taskCount], row by row; `SENTRY_TARGET_MISSING` where unlabelled.
  package let targets: [Int64]
  let taskCount: Int

  package var count: Int { indices.count }

  /// The targets of all tasks of the sample at `position` of this list.
  package func targets(at position: Int) -> ArraySlice<Int64> {
    targets[position * taskCount..<(position + 1) * taskCount]
  }

  /// The classes of one task, -1 where unlabelled.
  package func classes(ofTask task: Int) -> [Int] {
    taskCount == 0 ? [] : stride(from: task, to: targets.count, by: taskCount).map { Int(targets[$0]) }
  }

  /// Samples per class of one task.
  package func counts(ofTask task: Int, classes: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: classes)
    for target in self.classes(ofTask: task) where target >= 0 { counts[target] += 1 }
    return counts
  }

  /// The samples at these positions, which must ascend.
  func selecting(_ positions: [Int]) -> SampleList {
    SampleList(
      split: split, indices: positions.map { indices[$0] }, targets: positions.flatMap { targets(at: $0) },
      taskCount: taskCount)
  }
}

extension SampleList {
  /// All samples of a split. Looks up targets, reads no sample.
  package init(of split: Split, in dataset: any Dataset) throws {
    let tasks = dataset.specification.tasks
    let count = try dataset.believedCount(in: split)
    var targets: [Int64] = []
    targets.reserveCapacity(count * tasks.count)
    for index in 0..<count {
      let row = try dataset.targets(at: index, in: split)
      guard row.count == tasks.count else {
        throw PluginError("the dataset gave \(row.count) targets for \(tasks.count) tasks")
      }
      for (task, target) in zip(tasks, row) {
        guard target.map(task.classes.indices.contains) ?? true else {
          throw PluginError.badData(
            "\(dataset.name(at: index, in: split)): unknown class \(target ?? -1) in task '\(task.name)'")
        }
        targets.append(Int64(target ?? Int(SENTRY_TARGET_MISSING)))
      }
    }
    self.init(split: split, indices: Array(0..<count), targets: targets, taskCount: tasks.count)
  }
}

extension SampleList {
  /// A number for which samples with which targets these are, and for what was before.
  package func fingerprint(_ before: UInt64) -> UInt64 {
    var hash = Seed.derive(before, "samples", UInt64(split.rawValue), UInt64(count))
    for index in indices {
      hash = SplitMix64.mix(hash &+ UInt64(bitPattern: Int64(index)) &+ SplitMix64.increment)
    }
    for target in targets { hash = SplitMix64.mix(hash &+ UInt64(bitPattern: target) &+ SplitMix64.increment) }
    return hash
  }
}
