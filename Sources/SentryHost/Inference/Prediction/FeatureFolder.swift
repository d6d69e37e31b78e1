import Glibc
import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// A folder of feature vectors: for each split a folder with one `.npy` file a sample, `labels.json` and `tasks.json`; beside
/// them `samples.csv` and `features.json`. It is written under another name and appears whole or not at all.
package final class FeatureFolder {
  package static let labels = "labels.json"
  package static let tasks = "tasks.json"
  package static let samples = "samples.csv"
  package static let origin = "features.json"

  package let path: String
  private let unfinished: String
  private let tasks: [ClassificationTask]
  private var names: [Split: FeatureNames] = [:]
  private var entries: [Split: [String: [String: JSONValue]]] = [:]
  private var table = "split,id,sample\n"
  private var isFinished = false

  /// How many vectors it holds.
  package var count: Int { entries.values.reduce(0) { $0 + $1.count } }

  /// - Parameter tasks: what the labels are of; one with a single class tells nothing and is left out.
  /// - Throws: ``PluginError`` where the folder exists and is neither empty nor, with `overwrite`, one that this type wrote.
  package init(_ path: String, tasks: [ClassificationTask], overwrite: Bool) throws {
    self.path = Paths.withoutEndingSlash(path)
    self.tasks = tasks.filter { $0.classes.count > 1 }
    unfinished = "\(Paths.folder(of: self.path))/.\(Paths.last(self.path)).tmp-\(getpid())"
    try Self.check(self.path, overwrite: overwrite)
    try SystemFile.makeFolder(unfinished)
  }

  deinit { if !isFinished { Self.remove(unfinished) } }

  private static func check(_ path: String, overwrite: Bool) throws {
    let present = try SystemFile.names(in: path) ?? []
    guard !present.isEmpty else { return }
    guard overwrite else {
      throw PluginError.invalid("\(path) is not empty", hint: "give another --output, or --overwrite")
    }
    let splits = Set(Split.allCases.map(\.folderName))
    let inside = try present.filter(splits.contains).flatMap { split in
      try (SystemFile.names(in: "\(path)/\(split)") ?? []).filter {
        !$0.hasSuffix(".npy") && ![labels, tasks].contains($0)
      }
      .map { "\(split)/\($0)" }
    }
    let foreign = present.filter { ![samples, origin].contains($0) && !splits.contains($0) } + inside
    guard present.contains(origin), foreign.isEmpty else {
      let what = foreign.isEmpty ? "it has no \(origin)" : foreign.prefix(3).joined(separator: ", ")
      throw PluginError.invalid(
        "\(path) contains files that sentry embed did not write: \(what)",
        hint: "--overwrite replaces only a folder of features: choose another --output")
    }
  }

  /// Adds a sample.
  /// - Parameters:
  ///   - classes: the class of each task of the dataset, by name, where it is labelled.
  ///   - name: what the dataset calls the sample.
  ///   - subject: of whom it is.
  ///   - recording: what it is a part of, where people are not known.
  package func add(
    _ vector: [Float], classes: [String: Int], subject: Int?, recording: Int? = nil, split: Split, name: String
  ) throws {
    let folder = "\(unfinished)/\(split.folderName)"
    if entries[split] == nil { try SystemFile.makeFolder(folder) }
    let id = names[split, default: FeatureNames()].next(for: name)
    try NPYFile.write(StoredTensor(vector, shape: [vector.count]), to: "\(folder)/\(id).npy", synced: false)
    var entry: [String: JSONValue] = [:]
    for task in tasks { entry[task.name] = classes[task.name].map(JSONValue.integer) }
    entry["subject"] = subject.map(JSONValue.integer)
    entry["recording"] = recording.map(JSONValue.integer)
    entries[split, default: [:]][id] = entry
    table += "\(split.folderName),\(id),\(CSVText.quoted(name))\n"
  }

  /// Writes the tables and gives the folder its name.
  package func finish(origin: JSONValue) throws {
    for (split, entries) in entries {
      let folder = "\(unfinished)/\(split.folderName)"
      try AtomicFile.write(try JSON.text(entries, pretty: true) + "\n", to: "\(folder)/\(Self.labels)")
      try AtomicFile.write(try JSON.text(tasks, pretty: true) + "\n", to: "\(folder)/\(Self.tasks)")
    }
    try AtomicFile.write(table, to: "\(unfinished)/\(Self.samples)")
    try AtomicFile.write(try JSON.text(origin, pretty: true) + "\n", to: "\(unfinished)/\(Self.origin)")
    // Once for all vectors: a sync for each would take longer than computing them.
    sync()
    let old = unfinished + "-old"
    let hadOld = rename(path, old) == 0
    guard hadOld || errno == ENOENT else { throw SystemFile.failure(path, "cannot be replaced") }
    guard rename(unfinished, path) == 0 else {
      let error = SystemFile.failure(path, "cannot be made")
      if hadOld { rename(old, path) }
      throw error
    }
    isFinished = true
    try SystemFile.sync(folder: Paths.folder(of: path))
    if hadOld { Self.remove(old) }
  }

  /// Best effort: what is left of a failed run is hidden and in nobody's way.
  private static func remove(_ folder: String) {
    for name in (try? SystemFile.names(in: folder)) ?? [] {
      let path = "\(folder)/\(name)"
      if SystemFile.isFolder(path) { remove(path) } else { unlink(path) }
    }
    rmdir(folder)
  }
}

extension Split {
  /// As the folders of datasets are called.
  var folderName: String {
    switch self {
    case .train: "train"
    case .validation: "val"
    case .test: "test"
    }
  }
}

/// File names for the samples of a split: the end of what the dataset calls them, so that a window of a sequence keeps the
/// sequence's name, with a number where one is taken.
struct FeatureNames {
  private var uses: [String: Int] = [:]
  private var taken: Set<String> = []

  mutating func next(for name: String) -> String {
    let base = Self.plain(name)
    while true {
      let use = uses[base, default: 0] + 1
      uses[base] = use
      let id = use == 1 ? base : "\(base)_\(use)"
      if taken.insert(id).inserted { return id }
    }
  }

  /// The last component without its file extension, of letters, digits, points, hyphens and underscores.
  static func plain(_ name: String) -> String {
    var text = Paths.last(name)
    if let dot = text.lastIndex(of: "."), dot != text.startIndex {
      let ending = text[text.index(after: dot)...]
      let isExtension = (1...4).contains(ending.count) && ending.allSatisfy { $0.isASCII && $0.isLetter }
      if isExtension { text = String(text[..<dot]) }
    }
    text = text.replacing(".npy", with: "")
    let words = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0))) }
    // A name that begins with a point would be hidden.
    let plain = words.joined(separator: "_").drop { $0 == "." }.prefix(120)
    return plain.isEmpty ? "sample" : String(plain)
  }
}
