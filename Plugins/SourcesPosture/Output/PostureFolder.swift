import SentryFormats
import SentryPluginAPI

/// What already stands in an output folder.
struct PostureFolder {
  static let splits = ["train", "val"]
  static let record = "preparation.json"

  let path: String
  /// By split and name; empty where the folder is new.
  private(set) var labels: [String: [String: JSONValue]] = [:]
  private(set) var width: Int?
  private(set) var records: [JSONValue] = []
  /// Everything at the top but the splits and the record: carried over.
  private(set) var others: [String] = []

  var isNew: Bool { labels.isEmpty }

  /// The split of each subject that is there.
  var sides: [String: String] {
    var sides: [String: String] = [:]
    for (split, sequences) in labels {
      for subject in sequences.values.compactMap({ $0["subject"]?.stringValue }) { sides[subject] = split }
    }
    return sides
  }

  /// Throws ``PluginError`` for a folder that holds something else.
  init(_ path: String) throws {
    self.path = path
    guard FileSystem.exists(path) else { return }
    guard FileSystem.isFolder(path) else { throw PluginError.invalid("--output \(path) is not a folder") }
    let names = try FileSystem.names(in: path)
    guard !names.isEmpty else { return }
    guard names.contains(where: Self.splits.contains) else {
      throw PluginError.invalid(
        "--output \(path) is not empty and holds no train/ or val/ (\(names.prefix(5).joined(separator: ", ")))",
        hint: "give a new folder")
    }
    others = names.filter { !Self.splits.contains($0) && $0 != Self.record }
    for split in Self.splits where names.contains(split) { try read(split) }
    if names.contains(Self.record) {
      let text = try FileSystem.text("\(path)/\(Self.record)")
      records = try JSON.decode([JSONValue].self, from: text, what: "\(path)/\(Self.record)")
    }
  }

  private mutating func read(_ split: String) throws {
    let file = "\(path)/\(split)/labels.json"
    let found = try JSON.decode([String: JSONValue].self, from: try FileSystem.text(file, limit: 1 << 30), what: file)
    labels[split] = found
    guard width == nil, let first = found.keys.sorted().first else { return }
    let sequence = "\(path)/\(split)/sequences/\(first).npy"
    let shape = try mappingFormatErrors { try NPYFile.read(sequence).shape }
    guard shape.count == 2 else {
      throw PluginError.badData("\(sequence): has the shape \(shape), not (frames, features)")
    }
    width = shape[1]
  }
}
