import SentryImageDatasets
import SentryPluginAPI
import SentryTables

/// The two forms that RAF-DB comes in.
enum RAFDBForm {
  case list(PartitionList)
  /// Class folders under train/ and test/ of this folder.
  case folders(Folder)

  /// The published name, with its missing letter, and the name that is meant.
  static let listNames = ["list_patition_label.txt", "list_partition_label.txt"]

  /// - Throws: ``PluginError`` where the folder is neither.
  init(in root: Folder) throws {
    if let list = try Self.list(in: root) {
      self = .list(list)
      return
    }
    for name in ["", "DATASET"] {
      guard let folder = try Self.subfolder(name, of: root) else { continue }
      if try !SplitFolders(in: folder).folders.isEmpty {
        self = .folders(folder)
        return
      }
    }
    throw PluginError.invalid(
      "\(root.path) holds neither \(Self.listNames[0]) nor folders train/ and test/",
      hint: "give --data the folder of RAF-DB that holds EmoLabel/ and Image/")
  }

  /// The list of labels, where the authors put it (basic/EmoLabel/), or beside the images.
  static func list(in root: Folder) throws -> PartitionList? {
    for base in ["", "basic"] {
      guard let home = try subfolder(base, of: root) else { continue }
      for name in ["", "EmoLabel"] {
        guard let folder = try subfolder(name, of: home) else { continue }
        let found = try folder.entries().first { $0.kind == .file && listNames.contains($0.name.lowercased()) }
        if let found { return PartitionList(path: folder.join(found.name), name: found.name, root: home) }
      }
    }
    return nil
  }

  /// A folder whatever the case of its name; the folder itself for an empty name.
  private static func subfolder(_ name: String, of folder: Folder) throws -> Folder? {
    guard !name.isEmpty else { return folder }
    return try folder.entries().first { $0.kind == .folder && $0.name.lowercased() == name.lowercased() }
      .map { folder.appending($0.name) }
  }
}
