import SentryFormats
import SentryPluginAPI
import SentryTables

extension PostureDataset {
  /// How much a path looks like posture sequences: folders and file names, and the header of one file.
  static func score(_ path: String) -> Int {
    guard let kind = try? entryKind(at: path), kind == .folder,
      let folders = try? PostureFolders.folders(of: Folder(path)), let folder = folders.first?.1,
      let entries = try? folder.appending(PostureFolders.sequencesFolder).entries(),
      let first = entries.first(where: { $0.kind == .file && $0.name.hasSuffix(".npy") })
    else { return 0 }
    var score = 60
    if (try? entryKind(at: folder.join(PostureFolders.labelsFile))) == .file { score += 30 }
    let file = folder.appending(PostureFolders.sequencesFolder).join(first.name)
    if let shape = try? NPYFile.shape(of: file), shape.count == 2 { score += 10 }
    return score
  }
}
