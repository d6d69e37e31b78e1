import SentryPluginAPI
import SentryRuntime

/// The order in which an epoch visits the training samples. It depends on the seed and the epoch alone, so that a resumed
/// run finds the order that it left.
package struct Sampler: Sendable {
  let samples: SampleList
  /// How many draws each class of ``task`` gets; nil without balancing.
  let quota: Int?
  /// Which task is balanced.
  let task: Int
  let seed: UInt64
  private let members: [[Int]]
  private let unlabelled: [Int]

  /// - Parameter quota: what every class that has samples is brought to (``Sampler/quota(for:classes:options:)``).
  init(_ samples: SampleList, quota: Int? = nil, task: Int = 0, seed: UInt64) {
    (self.samples, self.quota, self.task, self.seed) = (samples, quota, task, seed)
    let classes = samples.classes(ofTask: task)
    var members = [[Int]](repeating: [], count: (classes.max() ?? -1) + 1)
    for (position, label) in classes.enumerated() where label >= 0 { members[label].append(position) }
    self.members = members
    unlabelled = classes.indices.filter { classes[$0] < 0 }
  }

  /// The task that `--balance` is about: the first unless `run.balance-task` names another.
  static func balancedTask(of tasks: [ClassificationTask], options: RunOptions) throws -> Int {
    guard let name = options.balanceTask else { return 0 }
    guard options.balance else {
      throw PluginError.invalid("run.balance-task needs --balance", hint: "add --balance")
    }
    guard let task = tasks.firstIndex(where: { $0.name == name }) else {
      throw PluginError.invalid(
        "run.balance-task is '\(name)', which is not a task of the dataset",
        hint: "the tasks are \(tasks.map(\.name).joined(separator: ", "))")
    }
    return task
  }

  /// The count that `--balance` and `--target-samples` ask for: the majority's unless given.
  static func quota(for counts: [Int], options: RunOptions) throws -> Int? {
    guard options.balance else {
      guard options.targetSamples == nil else {
        throw PluginError.invalid("--target-samples needs --balance", hint: "add --balance")
      }
      return nil
    }
    let quota = options.targetSamples ?? counts.max() ?? 0
    guard quota > 0, quota <= 1 << 24 else {
      throw PluginError.invalid("--target-samples is \(quota)", hint: "give a count between 1 and \(1 << 24)")
    }
    return quota
  }

  /// Draws of one epoch, over all processes that train together; the same for every epoch.
  var epochSize: Int {
    guard let quota else { return samples.count }
    return unlabelled.count + quota * members.count { !$0.isEmpty }
  }

  /// Draws per class of ``task``, after balancing.
  func distribution(classes: Int) -> [Int] {
    (0..<classes).map { label in
      let count = members.indices.contains(label) ? members[label].count : 0
      return count == 0 ? 0 : quota ?? count
    }
  }

  /// The draws of an epoch: of processes that train together each takes its rows of every batch. Balancing draws anew each epoch, so that undersampled classes show all they have
  /// over time: a smaller class keeps all its samples and draws the rest with replacement, a larger one is undersampled
  /// without. Samples without a label in that task are kept once each.
  func order(epoch: Int) -> [SampleDraw] {
    var generator = SplitMix64(seed: Seed.derive(seed, "order", UInt64(epoch)))
    var draws: [SampleDraw]
    if let quota {
      draws = unlabelled.map { SampleDraw(position: $0) }
      for members in members where !members.isEmpty { draws += balanced(members, to: quota, &generator) }
    } else {
      draws = (0..<samples.count).map { SampleDraw(position: $0) }
    }
    generator.shuffle(&draws)
    return draws
  }

  private func balanced(_ members: [Int], to quota: Int, _ generator: inout SplitMix64) -> [SampleDraw] {
    if members.count >= quota {
      var members = members
      generator.shuffle(&members)
      return members.prefix(quota).map { SampleDraw(position: $0) }
    }
    var drawn = [Int](repeating: 0, count: members.count)
    return members.map { SampleDraw(position: $0) }
      + (members.count..<quota).map { _ in
        let at = generator.below(members.count)
        drawn[at] += 1
        return SampleDraw(position: members[at], ordinal: drawn[at])
      }
  }
}
