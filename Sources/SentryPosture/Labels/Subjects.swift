import SentryPluginAPI

/// Whose items the splits hold: nobody may be on two sides, or accuracy would tell how well the model knows those people.
public struct Subjects: Sendable {
  private var bySplit: [Split: Set<String>] = [:]
  private var unknown: [Split: Int] = [:]

  public init() {}

  public mutating func insert(_ subject: String?, in split: Split) {
    if let subject {
      bySplit[split, default: []].insert(subject)
    } else {
      unknown[split, default: 0] += 1
    }
  }

  /// What a reader of the run should know.
  /// - Parameter allowShared: only note it where somebody is in two splits.
  /// - Throws: ``PluginError`` (bad data) that names who is in two splits.
  public func notes(of path: String, noun: String, allowShared: Bool) throws -> [String] {
    let splits = Split.allCases.filter { !bySplit[$0, default: []].isEmpty || unknown[$0, default: 0] > 0 }
    var shared: Set<String> = []
    for (position, split) in splits.enumerated() {
      for other in splits.dropFirst(position + 1) {
        shared.formUnion(bySplit[split, default: []].intersection(bySplit[other, default: []]))
      }
    }
    guard shared.isEmpty || allowShared else {
      throw PluginError.badData(
        "\(path): \(shared.count) subjects are in more than one split: \(listed(shared))",
        hint: "put all of a subject's \(noun)s into one split; --set dataset.allow-shared-subjects=true accepts them")
    }
    if !shared.isEmpty {
      return [
        "\(shared.count) subjects are in more than one split (\(listed(shared))): the accuracy will be higher than on unknown people"
      ]
    }
    let known = splits.reduce(0) { $0 + bySplit[$1, default: []].count }
    guard known > 0 else {
      return ["subjects are not known: a subject may be in more than one split"]
    }
    let missing = splits.reduce(0) { $0 + unknown[$1, default: 0] }
    return [
      (splits.count > 1 ? "\(known) subjects, none of them in more than one split" : "\(known) subjects")
        + (missing > 0 ? "; the subject of \(missing) \(noun)s is not known" : "")
    ]
  }
}
