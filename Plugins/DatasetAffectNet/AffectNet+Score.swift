import SentryPluginAPI
import SentryTables

extension AffectNet {
  /// How much a path looks like AffectNet, by what is in it: the columns of tables and the names of class folders.
  static func score(_ path: String) -> Int {
    guard (try? entryKind(at: path)) == .folder else { return 0 }
    let root = Folder(path)
    let tables = (try? LabelTable.find(in: root, numbers: nil, vocabulary: .emotion)) ?? []
    if tables.contains(where: { $0.isOfficial }) { return 95 }
    if !tables.isEmpty { return 85 }
    guard let folders = try? SplitFolders(in: root) else { return 0 }
    let name = Split.allCases.compactMap { folders[$0] }.first ?? ""
    let first = name.isEmpty ? root : root.appending(name)
    if let annotations = try? AnnotationFolder(name, of: root), annotations.base == name { return 95 }
    guard let entries = try? first.entries() else { return 0 }
    let names = entries.filter { $0.kind == .folder }.map { $0.name.lowercased() }
    let known = names.filter { name in
      // Numbers are no mark of AffectNet: other sets have them, too, and reading them asks whose they are.
      EmotionNumbering.allCases.contains { meaning(of: name, numbers: $0) != nil }
    }
    guard known.count >= 3, known.count == names.count else { return 0 }
    var score = folders.folders.isEmpty ? 20 : 35
    // FER2013 says angry and knows no contempt.
    if names.contains("anger") { score += 25 }
    if names.contains("contempt") { score += 20 }
    if names.contains("angry") { score -= 20 }
    return score
  }
}
