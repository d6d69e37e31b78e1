import SentryPluginAPI
import SentryTables

extension AffectNet {
  /// How much a path looks like AffectNet, by what is in it: the columns of tables and the names of class folders.
  static func score(_ path: String) -> Int {
    guard (try? entryKind(at: path)) == .folder else { return 0 }
    let root = Folder(path)
    let tables = (try? LabelTable.find(in: root)) ?? []
    if tables.contains(where: { $0.isOfficial }) { return 95 }
    if !tables.isEmpty { return 85 }
    guard let folders = try? SplitFolders(in: root) else { return 0 }
    let train = folders[.train].map(root.appending) ?? root
    guard let entries = try? train.entries() else { return 0 }
    let names = entries.filter { $0.kind == .folder }.map { $0.name.lowercased() }
    let known = names.filter { meaning(of: $0) != nil }
    guard known.count >= 3, known.count == names.count else { return 0 }
    var score = folders[.train] == nil ? 20 : 35
    // FER2013 says angry and knows no contempt.
    if names.contains("anger") { score += 25 }
    if names.contains("contempt") { score += 20 }
    if names.contains("angry") { score -= 20 }
    if names.allSatisfy({ Int($0) != nil }) { score += 40 }
    return score
  }
}
