import SentryPluginAPI

/// Which folders of a dataset hold which split, whatever the case of their names.
public struct SplitFolders: Sendable {
  public static let names: [Split: [String]] = [
    .train: ["train", "training", "train_set"], .validation: ["val", "valid", "validation", "val_set"],
    .test: ["test", "testing", "test_set"],
  ]

  /// The folder's name as it is on disk.
  public private(set) var folders: [Split: String] = [:]

  /// - Throws: ``PluginError`` where two folders claim one split.
  public init(in root: Folder) throws {
    for entry in try root.entries() where entry.kind == .folder {
      guard let split = Self.split(named: entry.name) else { continue }
      if let other = folders[split] {
        throw PluginError.badData(
          "\(root.path): both \(other)/ and \(entry.name)/ are there", hint: "move one of the two elsewhere")
      }
      folders[split] = entry.name
    }
  }

  /// The split that a folder's name stands for.
  public static func split(named name: String) -> Split? {
    let lowered = name.lowercased()
    return Split.allCases.first { names[$0, default: []].contains(lowered) }
  }

  public subscript(split: Split) -> String? { folders[split] }
}
