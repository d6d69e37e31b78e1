import SentryPluginAPI

/// Which samples a run trains on and which it validates on: the dataset's own splits, a hold-out where there is no
/// validation split, and `--limit`.
package struct DataPartition: Sendable, Equatable {
  package let train: SampleList
  package let validation: SampleList
  /// What the reader of the log should know of how it came about.
  package let notes: [String]

  /// A number for which samples with which targets are on which side: a resumed run must find the same.
  package var fingerprint: UInt64 { validation.fingerprint(train.fingerprint(0)) }

  /// Throws ``PluginError`` where a side would be empty. Depends on the dataset, the options and their seed alone.
  package init(of dataset: any Dataset, options: RunOptions) throws {
    var notes: [String] = []
    var train = try SampleList(of: .train, in: dataset)
    guard train.count > 0 else {
      throw PluginError.badData(
        "the dataset has no training samples", hint: "check --data, and that --dataset is the right reader for it")
    }
    guard train.taskCount > 0 else {
      throw PluginError("the dataset declares no task", hint: "its plugin must declare one")
    }
    var validation = try SampleList(of: .validation, in: dataset)
    if validation.count == 0 {
      (train, validation) = try Self.holdOut(of: train, dataset: dataset, options: options, notes: &notes)
    }
    if let limit = options.limit {
      guard limit > 0 else { throw PluginError.invalid("--limit \(limit) leaves no samples", hint: "give 1 or more") }
      let all = (train: train.count, validation: validation.count)
      // A ratio of doubles, because a product of two counts from outside may overflow.
      let ratio = min(1, Double(limit) / Double(all.train))
      let size = min(all.validation, max(1, Int((Double(all.validation) * ratio).rounded())))
      train = Self.limited(train, to: limit, seed: options.seed)
      validation = Self.limited(validation, to: size, seed: options.seed)
      notes.append(
        "--limit: \(train.count) of \(all.train) training and \(validation.count) of \(all.validation) validation samples, classes in proportion"
      )
    }
    notes += Self.absentClasses(train: train, validation: validation, in: dataset)
    if let subjects = Self.subjects(train: train, validation: validation, in: dataset) {
      notes.append(subjects)
    } else if let shared = Self.sharedNames(train: train, validation: validation, in: dataset) {
      notes.append(shared)
    }
    (self.train, self.validation, self.notes) = (train, validation, notes)
  }

  private static func limited(_ list: SampleList, to size: Int, seed: UInt64) -> SampleList {
    list.selecting(StratifiedSubset.positions(classes: list.classes(ofTask: 0), size: size, seed: seed))
  }

  private static func holdOut(
    of list: SampleList, dataset: any Dataset, options: RunOptions, notes: inout [String]
  ) throws -> (SampleList, SampleList) {
    guard options.valFraction > 0, options.valFraction < 1 else {
      throw PluginError.invalid(
        "run.val-fraction is \(options.valFraction), and the dataset has no validation split",
        hint: "give a share between 0 and 1")
    }
    var groups = list.indices.map { dataset.group(at: $0, in: list.split) }
    let named =
      groups.contains { $0 != nil }
      ? nil
      : RecordingNames(list.indices.map { dataset.name(at: $0, in: list.split) }, classes: list.classes(ofTask: 0))
    if let named { groups = named.groups }
    let sides = HoldOut.split(
      classes: list.classes(ofTask: 0), groups: groups, share: options.valFraction, seed: options.seed)
    guard !sides.train.isEmpty, !sides.heldOut.isEmpty else {
      throw PluginError.badData(
        "the dataset has no validation split, and its \(list.count) training samples cannot be divided",
        hint:
          "provide a validation split, more samples or groups, or another run.val-fraction than \(options.valFraction)")
    }
    let grouped = groups.contains { $0 != nil }
    notes.append(
      "no validation split: \(sides.heldOut.count) of \(list.count) training samples are held out, "
        + (named.map {
          "whole recordings or people, \($0.count) by their names, which look like frames of these (\($0.example)), classes as "
            + "near to their shares as that allows"
        } ?? (grouped ? "whole groups, classes as near to their shares as that allows" : "classes in proportion"))
        + " (seed \(options.seed)); \(sides.train.count) remain")
    return (list.selecting(sides.train), list.selecting(sides.heldOut))
  }
}
