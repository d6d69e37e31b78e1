import SentryImageDatasets
import SentryPluginAPI
import SentryTables

extension FER2013 {
  /// How many images ``removeDuplicates(from:)`` took out.
  struct Removed: Equatable {
    /// Training images that are also in validation or test.
    var leaked = 0
    /// Training images that an earlier training image repeats.
    var repeated = 0
    /// Validation images that are also in test.
    var validation = 0

    var note: String {
      "duplicates left out: \(Notes.counted(leaked, "training image")) found in validation or test, "
        + "\(Notes.counted(repeated, "training image")) found in training before, "
        + "\(Notes.counted(validation, "validation image")) found in test"
    }
  }

  /// Test stays as it is, so that results compare with others'; validation and test share no image, and training repeats
  /// neither them nor itself. Of training images that repeat each other the first stays.
  static func removeDuplicates<Source>(from splits: inout [Split: [LabelledSample<Source>]]) -> Removed {
    var removed = Removed()
    let test = Set(splits[.test, default: []].compactMap { $0.source.fingerprint() })
    var held = test
    // A sample that cannot be read has no fingerprint and stays: reading it will say what is wrong.
    splits[.validation]?.removeAll { sample in
      guard let print = sample.source.fingerprint() else { return false }
      held.insert(print)
      if test.contains(print) { removed.validation += 1 }
      return test.contains(print)
    }
    var seen: Set<Fingerprint> = []
    splits[.train]?.removeAll { sample in
      guard let print = sample.source.fingerprint() else { return false }
      if held.contains(print) {
        removed.leaked += 1
        return true
      }
      if seen.insert(print).inserted { return false }
      removed.repeated += 1
      return true
    }
    return removed
  }
}
