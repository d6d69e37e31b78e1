import SentryPluginAPI
import SentryTables

extension Folder {
  /// The images below this folder at any depth, as paths relative to it, and how many other files there are.
  public struct Images: Sendable {
    public var paths: [String] = []
    public var otherFiles = 0
    /// One of the other files, for messages.
    public var otherExample: String?
  }

  /// Each folder is entered once, so links that lead back do no harm.
  public func images() throws -> Images {
    var found = Images()
    var visited: Set<[UInt]> = [try identity()]
    try collect("", into: &found, &visited)
    return found
  }

  private func collect(_ prefix: String, into found: inout Images, _ visited: inout Set<[UInt]>) throws {
    for entry in try (prefix.isEmpty ? self : appending(prefix)).entries() {
      let path = prefix.isEmpty ? entry.name : "\(prefix)/\(entry.name)"
      if entry.kind == .folder {
        if visited.insert(try appending(path).identity()).inserted { try collect(path, into: &found, &visited) }
      } else if entry.kind == .file, entry.name.hasImageExtension {
        found.paths.append(path)
      } else {
        found.otherFiles += 1
        found.otherExample = found.otherExample ?? path
      }
    }
  }
}

extension String {
  /// Whether the name is that of a format that ``ImageFile`` reads.
  public var hasImageExtension: Bool {
    guard let dot = utf8.lastIndex(of: UInt8(ascii: ".")) else { return false }
    return ["jpg", "jpeg", "png", "bmp"].contains(self[index(after: dot)...].lowercased())
  }
}
