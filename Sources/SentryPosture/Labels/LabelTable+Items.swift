import SentryPluginAPI

extension LabelTable {
  /// Checks that items and labels belong together, one to one.
  /// - Parameters:
  ///   - items: the names of the files without `.npy`.
  ///   - noun: what an item is, for errors: `sequence`.
  /// - Throws: ``PluginError`` (bad data) that lists the items without a label and the labels without an item.
  public func check(items: some Collection<String>, noun: String, folder: String, file: String) throws {
    let items = Set(items)
    let unlabelled = items.filter { entries[$0]?.classes.isEmpty ?? true }
    guard unlabelled.isEmpty else {
      throw PluginError.badData(
        "\(file): no label for \(unlabelled.count) of \(items.count) \(noun)s in \(folder): \(listed(unlabelled))",
        hint: "label them, or move their files elsewhere")
    }
    let absent = entries.keys.filter { !items.contains($0) }
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

  /// The group of a person, or where the person is not known, of the item itself.
  public mutating func number(subject: String?, item: String) -> Int {
    let key = subject.map { "subject/\($0)" } ?? "item/\(item)"
    if let number = numbers[key] { return number }
    let number = numbers.count
    numbers[key] = number
    return number
  }
}
