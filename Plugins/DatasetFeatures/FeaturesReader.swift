import SentryFormats
import SentryPluginAPI
import SentryPosture
import SentryTables

/// A vector on disk and what is known of it.
struct FeatureItem: Sendable {
  let file: ArrayFolder.File
  let entry: LabelTable.Entry
  /// nil where neither the subject nor the recording is known: every item stands alone.
  let group: Int?

  var length: Int { file.shape.last ?? 0 }

  /// What is wrong with the shape of a file: a vector is [D], or [1, D].
  static func problem(_ shape: [Int]) -> String? {
    guard shape.count == 1 || (shape.count == 2 && shape[0] == 1) else {
      return "has the shape \(shape); a vector is [D]"
    }
    guard let length = shape.last, length > 0 else { return "is empty" }
    return length <= 1 << 20 ? nil : "has the shape \(shape): the vector is too long"
  }
}

/// The vectors of all splits with their labels.
struct FeaturesReader {
  private(set) var items: [Split: [FeatureItem]] = [:]
  /// Those that labels name, in fixed order.
  private(set) var tasks: [ClassificationTask] = []
  private(set) var notes: [String] = []
  private(set) var length = 0

  init(_ root: Folder, _ options: FeaturesOptions, host: Host?) throws {
    let folders = try Self.folders(of: root)
    var (groups, subjects) = (Groups(), Subjects())
    var tables: [LabelTable] = []
    for (split, folder) in folders {
      let listing = try ArrayFolder(folder, host: host, problem: FeatureItem.problem)
      let file = try Self.labels(of: folder, options, splits: folders.count)
      let known = try FeatureTasks.read(beside: file)
      if tasks.isEmpty { tasks = known }
      guard known == tasks else {
        throw PluginError.badData(
          "\(file): its tasks.json differs from that of another split", hint: "use the same tasks.json in every split")
      }
      let text = try mappingFormatErrors { try TextFile.read(file) }
      let table = try LabelTable(text, file: file, tasks: known, form: .objectOrList)
      try table.check(items: listing.files.map(\.name), noun: "vector", folder: folder.path, file: file)
      items[split] = listing.files.map { array in
        let entry = table.entries[array.name] ?? LabelTable.Entry()
        subjects.insert(entry.subject, in: split)
        return FeatureItem(
          file: array, entry: entry,
          group: (entry.subject ?? entry.recording).map { _ in
            groups.number(subject: entry.subject, recording: entry.recording, item: array.path)
          })
      }
      tables.append(table)
    }
    let named = tables.reduce(into: Set<String>()) { $0.formUnion($1.labelledTasks) }
    tasks = tasks.filter { named.contains($0.name) }
    length = try Self.commonLength(items, root.path)
    notes = try subjects.notes(of: root.path, noun: "vector", allowShared: options.allowSharedSubjects)
  }

  /// The folders of the splits, of which val/ or test/ may be alone: to evaluate on. All is training where there are none.
  static func folders(of root: Folder) throws -> [(Split, Folder)] {
    let found = try SplitFolders(in: root)
    if !found.folders.isEmpty {
      return Split.allCases.compactMap { split in found[split].map { (split, root.appending($0)) } }
    }
    let holdsFolder = (try? entryKind(at: root.join("features"))) == .folder
    return [(.train, holdsFolder ? root.appending("features") : root)]
  }

  private static func labels(of folder: Folder, _ options: FeaturesOptions, splits: Int) throws -> String {
    if let labels = options.labels {
      guard splits == 1 else {
        throw PluginError.invalid(
          "dataset.labels names one file, but there are \(splits) splits",
          hint: "leave it out: each split has a labels.json of its own")
      }
      return labels
    }
    let candidates =
      [folder.join("labels.json")] + (splits == 1 ? ["\(Paths.folder(of: folder.path))/labels.json"] : [])
    guard let file = candidates.first(where: { (try? entryKind(at: $0)) == .file }) else {
      throw PluginError.invalid(
        "\(folder.path): there is no labels.json", hint: "add it, or name the file with --set dataset.labels=FILE")
    }
    return file
  }

  /// Throws ``PluginError`` (bad data) where vectors differ in length.
  private static func commonLength(_ items: [Split: [FeatureItem]], _ path: String) throws -> Int {
    let byLength = Dictionary(grouping: Split.allCases.flatMap { items[$0, default: []] }, by: \.length)
    guard byLength.count == 1, let length = byLength.keys.first else {
      let parts = byLength.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map { length, members in
        "\(length) in \(Notes.counted(members.count, "file")) (\(listed(members.map(\.file.path), atMost: 3)))"
      }
      throw PluginError.badData(
        "\(path): vectors differ in length: \(parts.joined(separator: ", "))",
        hint: "all must come from one model: move the others elsewhere")
    }
    return length
  }
}
