import SentryBase
import SentryPluginAPI

/// Finding the files of a set.
enum RawFile {
  /// The file itself, or the one of a folder.
  static func only(_ path: String, suffix: String, preferring name: String? = nil) throws -> String {
    guard FileSystem.isFolder(path) else {
      guard FileSystem.exists(path) else { throw PluginError.invalid("\(path): no such file") }
      return path
    }
    let names = try FileSystem.names(in: path).filter { $0.lowercased().hasSuffix(suffix) }
    if let name, names.contains(name) { return "\(path)/\(name)" }
    guard let first = names.first else { throw PluginError.invalid("\(path) holds no \(suffix) file") }
    guard names.count == 1 else {
      throw PluginError.invalid(
        "\(path) holds several \(suffix) files: \(names.prefix(5).joined(separator: ", "))",
        hint: "name the one to prepare")
    }
    return "\(path)/\(first)"
  }

  /// The folders at and below a path that hold files with one of the suffixes, with those files, in natural order.
  static func folders(below path: String, suffix: String, depth: Int = 0) throws -> [(folder: String, files: [String])]
  {
    guard depth < 16 else { return [] }
    var found: [(folder: String, files: [String])] = []
    var files: [String] = []
    for name in try FileSystem.names(in: path) {
      let entry = "\(path)/\(name)"
      if FileSystem.isFolder(entry) {
        found += try folders(below: entry, suffix: suffix, depth: depth + 1)
      } else if name.lowercased().hasSuffix(suffix) {
        files.append(name)
      }
    }
    return files.isEmpty ? found : [(path, files)] + found
  }

  /// The path below `root`, as one word.
  static func word(_ path: String, below root: String) -> String {
    guard path != root else { return Paths.last(root) }
    return path.dropFirst(root.count + 1).split(separator: "/").joined(separator: "_")
  }

  static func number(_ value: Int, _ digits: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
