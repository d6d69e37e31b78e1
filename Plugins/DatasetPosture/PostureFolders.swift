import SentryFormats
import SentryPluginAPI
import SentryPosture
import SentryTables

/// Sequences on disk: `{train,val,test}/sequences/*.npy` and `labels.json` beside each `sequences/`; or one such pair without
/// splits, which is all training. A folder of val/ or test/ alone is one to evaluate on.
struct PostureFolders {
  private(set) var sequences: [Split: [PostureSequence]] = [:]
  private(set) var notes: [String] = []
  /// Of `mean.npy` and `std.npy` beside the splits.
  private(set) var statistics: FeatureStatistics?
  private(set) var width = 0

  static let sequencesFolder = "sequences"
  static let labelsFile = "labels.json"

  init(_ root: Folder, _ options: PostureOptions, host: Host?) throws {
    var (groups, subjects) = (Groups(), Subjects())
    for (split, folder) in try Self.folders(of: root) {
      sequences[split] = try Self.read(folder, split, &groups, &subjects, &notes, host)
    }
    width = try Self.commonWidth(sequences, root.path)
    notes += try subjects.notes(of: root.path, noun: "sequence", allowShared: options.allowSharedSubjects)
    statistics = try Self.statistics(in: root, width: width)
  }

  /// Which folder holds which split. Throws ``PluginError`` where there is none.
  static func folders(of root: Folder) throws -> [(Split, Folder)] {
    let found = try SplitFolders(in: root)
    if !found.folders.isEmpty {
      return Split.allCases.compactMap { split in found[split].map { (split, root.appending($0)) } }
    }
    if (try? entryKind(at: root.join(sequencesFolder))) == .folder { return [(.train, root)] }
    throw PluginError.invalid(
      "\(root.path) holds neither train/\(sequencesFolder)/ nor \(sequencesFolder)/",
      hint: "give --data the folder above train/, which holds \(sequencesFolder)/ and \(labelsFile)")
  }

  private static func read(
    _ folder: Folder, _ split: Split, _ groups: inout Groups, _ subjects: inout Subjects, _ notes: inout [String],
    _ host: Host?
  ) throws -> [PostureSequence] {
    let arrays = folder.appending(sequencesFolder)
    let listing = try ArrayFolder(arrays, host: host, problem: PostureSequence.problem)
    if let example = listing.others.first {
      notes.append(
        "\(Notes.counted(listing.others.count, "file")) in \(arrays.path) not .npy and ignored, for example \(example)")
    }
    let file = folder.join(labelsFile)
    let text = try mappingFormatErrors { try TextFile.read(file) }
    let labels = try LabelTable(text, file: file, tasks: PostureTasks.all, form: .object)
    try labels.check(items: listing.files.map(\.name), noun: "sequence", folder: arrays.path, file: file)
    return listing.files.map { array in
      let entry = labels.entries[array.name] ?? LabelTable.Entry()
      subjects.insert(entry.subject, in: split)
      return PostureSequence(
        file: array, targets: PostureTasks.all.map { entry.classes[$0.name] }, subject: entry.subject,
        group: groups.number(subject: entry.subject, recording: entry.recording, item: array.path))
    }
  }

  /// Throws ``PluginError`` (bad data) where sequences differ in their number of features.
  private static func commonWidth(_ sequences: [Split: [PostureSequence]], _ path: String) throws -> Int {
    let all = Split.allCases.flatMap { sequences[$0, default: []] }
    let byWidth = Dictionary(grouping: all, by: \.width)
    guard byWidth.count == 1, let width = byWidth.keys.first else {
      let parts = byWidth.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map { width, members in
        "\(width) in \(Notes.counted(members.count, "file")) (\(listed(members.map(\.file.path), atMost: 3)))"
      }
      throw PluginError.badData(
        "\(path): sequences differ in their number of features: \(parts.joined(separator: ", "))",
        hint: "a folder holds sequences of one kind: move the others elsewhere")
    }
    return width
  }

  private static func statistics(in root: Folder, width: Int) throws -> FeatureStatistics? {
    let paths = ["mean.npy", "std.npy"].map(root.join)
    let present = paths.filter { (try? entryKind(at: $0)) == .file }
    guard !present.isEmpty else { return nil }
    guard present.count == 2 else {
      throw PluginError.badData(
        "\(root.path): of mean.npy and std.npy only \(present[0]) is there", hint: "provide both, or neither")
    }
    let values = try paths.map { path in
      let shape = try mappingFormatErrors { try NPYFile.shape(of: path) }
      guard shape == [width] || shape == [1, width] else {
        throw PluginError.badData(
          "\(path): has the shape \(shape), but sequences have \(width) features", hint: "save an array of [\(width)]")
      }
      return try ArrayFolder.values(of: .init(name: path, path: path, shape: shape)).map(Double.init)
    }
    guard values[1].allSatisfy({ $0 >= 0 }) else {
      throw PluginError.badData("\(paths[1]): a deviation is negative", hint: "save the deviations of the features")
    }
    return FeatureStatistics(mean: values[0], std: values[1], source: "mean.npy and std.npy beside the splits")
  }
}
