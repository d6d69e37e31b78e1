import SentryImageDatasets
import SentryImaging
import SentryPluginAPI
import SentryTables

extension CKPlus {
  /// How much a path looks like CK+, by the folders of its authors or by the names of images in class folders.
  static func score(_ path: String) -> Int {
    guard (try? entryKind(at: path)) == .folder else { return 0 }
    let root = Folder(path)
    let hasRecordings = (try? CKPlusRecordings(in: root)) != nil
    return hasRecordings ? 100 : folderScore(root)
  }

  private static func folderScore(_ root: Folder) -> Int {
    guard let folders = try? SplitFolders(in: root) else { return 0 }
    let first = Split.allCases.compactMap { folders[$0] }.first.map(root.appending) ?? root
    guard let classes = try? first.entries().filter({ $0.kind == .folder }) else { return 0 }
    let known = classes.filter { ClassVocabulary.emotion.meaning(of: $0.name, numbers: .ckplus) != nil }
    guard known.count >= 3, known.count == classes.count else { return 0 }
    // The names of classes are those of other sets, too: only the images tell.
    let images = known.compactMap { folder in
      try? first.appending(folder.name).entries().first { $0.name.hasImageExtension }?.name
    }
    return !images.isEmpty && images.allSatisfy { CKPlusName($0) != nil } ? 92 : 0
  }
}
