import SentryImageDatasets
import SentryImaging
import SentryPluginAPI
import SentryTables

extension RAFDB {
  /// How much a path looks like RAF-DB, by its list of labels or by the names of images in numbered folders.
  static func score(_ path: String) -> Int {
    guard (try? entryKind(at: path)) == .folder, let form = try? RAFDBForm(in: Folder(path)) else { return 0 }
    guard case .folders(let root) = form else { return 100 }
    guard let folders = try? SplitFolders(in: root),
      let first = Split.allCases.compactMap({ folders[$0] }).first.map(root.appending),
      let classes = try? first.entries().filter({ $0.kind == .folder })
    else { return 0 }
    let known = classes.filter { ClassVocabulary.emotion.meaning(of: $0.name, numbers: .rafdb) != nil }
    guard known.count >= 3, known.count == classes.count else { return 0 }
    // The names of classes are those of other sets, too, and numbers those of several: only the images tell.
    let images = known.compactMap { folder in
      try? first.appending(folder.name).entries().first { $0.name.hasImageExtension }?.name
    }
    return !images.isEmpty && images.allSatisfy { RAFDBName($0) != nil } ? 92 : 0
  }
}
