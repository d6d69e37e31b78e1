import SentryImageDatasets
import SentryImaging
import SentryPluginAPI
import SentryTables

extension FER2013 {
  /// How much a path looks like FER2013, by what is in it: the table's columns, the names of classes and files, and the
  /// size of one image.
  static func score(_ path: String) -> Int {
    guard let kind = try? entryKind(at: path) else { return 0 }
    if kind == .file { return FER2013Table.hasColumns(path) ? 100 : 0 }
    let root = Folder(path)
    if let folders = try? SplitFolders(in: root), let first = Split.allCases.compactMap({ folders[$0] }).first {
      return score(split: root.appending(first))
    }
    guard let table = try? FER2013Form.table(in: root), FER2013Table.hasColumns(table) else { return 0 }
    return 95
  }

  private static func score(split: Folder) -> Int {
    guard let entries = try? split.entries() else { return 0 }
    let names = Set(entries.filter { $0.kind == .folder }.map { $0.name.lowercased() })
    let known = names.filter { ClassVocabulary.emotion.meaning(of: $0) != nil }
    guard known.count >= 3 else { return 0 }
    var score = 30
    // FER2013 says angry; datasets with contempt or anger are others.
    if names.contains("angry") { score += 25 }
    if names.contains("contempt") || names.contains("anger") { score -= 20 }
    guard let folder = entries.first(where: { known.contains($0.name.lowercased()) }),
      let image = try? split.appending(folder.name).entries().first(where: { $0.name.hasImageExtension })
    else { return score }
    if ["training_", "publictest_", "privatetest_"].contains(where: image.name.lowercased().hasPrefix) { score += 30 }
    let file = split.appending(folder.name).join(image.name)
    if let image = try? Image.load(path: file), image.width == side, image.height == side, image.channels == 1 {
      score += 10
    }
    return score
  }
}
