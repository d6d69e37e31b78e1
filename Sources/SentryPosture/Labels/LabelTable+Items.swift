import SentryPluginAPI

extension LabelTable {
  /// Checks that items and labels belong together, one to one.
  /// - Parameters:
  ///   - items: the names of the files without `.npy`.
  ///   - noun: what an item is, for errors: `sequence`.
  /// - Throws: ``PluginError`` (bad data) that lists the items without a label and the labels without an item.
  public func check(items: some Collection<String>, noun: String, folder: String, file: String) throws {
    let items = Set(items)
    let suffixed = entries.keys.filter {
      !items.contains($0) && $0.hasSuffix(".npy") && items.contains(String($0.dropLast(4)))
    }
    guard suffixed.isEmpty else {
      throw PluginError.badData(
        "\(file): \(suffixed.count) of \(entries.count) names end in .npy: \(listed(suffixed))",
        hint: "write the names of \(noun)s without .npy")
    }
    let absent = entries.keys.filter { !items.contains($0) }
    let unlabelled = items.filter { entries[$0]?.classes.isEmpty ?? true }
    guard unlabelled.isEmpty else {
      // Where no name fits, the names are told side by side: most often they are written in two ways.
      let others = unlabelled.count == items.count ? absent : []
      throw PluginError.badData(
        "\(file): no label for \(unlabelled.count) of \(items.count) \(noun)s in \(folder): \(listed(unlabelled))"
          + (others.isEmpty ? "" : "; there are labels of \(listed(others))"),
        hint: "label them by the names of their files without .npy, or move their files elsewhere")
    }
    guard absent.isEmpty else {
      throw PluginError.badData(
        "\(file): labels of \(absent.count) \(noun)s that are not in \(folder): \(listed(absent))",
        hint: "add their files NAME.npy, or delete the labels")
    }
  }
}

/// Numbers for people and recordings: the same name has the same number in all splits.
public struct Groups: Sendable {
  private var numbers: [String: Int] = [:]

  public init() {}

  /// The group of a person, or where the person is not known, of the recording, or else of the item itself.
  public mutating func number(subject: String?, recording: String? = nil, item: String) -> Int {
    let key = subject.map { "subject/\($0)" } ?? recording.map { "recording/\($0)" } ?? "item/\(item)"
    if let number = numbers[key] { return number }
    let number = numbers.count
    numbers[key] = number
    return number
  }
}
