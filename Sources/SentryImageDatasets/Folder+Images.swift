import Glibc
import SentryImaging
import SentryPluginAPI
import SentryTables

extension Folder {
  /// The images below this folder at any depth, as paths relative to it, and how many other files there are.
  public struct Images: Sendable {
    public var paths: [String] = []
    public var otherFiles = 0
    /// One of the other files, for messages.
    public var otherExample: String?
    /// Links to folders that are not entered, because what is in them is read in its own place.
    public var skippedLinks: [String] = []
  }

  /// The images of a folder that may hold links to others. A link to an image that is not there counts as an image: whoever
  /// reads it learns so, and nobody is told less than was meant. Each folder is entered once. A link that leads to a folder
  /// above this one, or to another one of its split, is not entered: its images are those of other classes.
  ///
  /// - Parameters:
  ///   - split: the folder whose class folders are read, of which this is one.
  ///   - root: the folder of the dataset, out of which no link to a folder may lead, as no path of a table may; nil where
  ///     this folder stands for itself.
  /// - Throws: ``PluginError`` where a folder cannot be read, or a link leads out of the dataset (bad data).
  public func images(inside split: Folder? = nil, of root: Folder? = nil) throws -> Images {
    var found = Images()
    let here = Self.realPath(path) ?? path
    if let root { try Self.checkInside(root, link: path) }
    let search = Search(here: here, split: split.map { Self.realPath($0.path) ?? $0.path }, root: root)
    var visited: Set<[UInt]> = [try identity()]
    try collect("", into: &found, &visited, search)
    return found
  }

  private struct Search {
    let here: String
    let split: String?
    let root: Folder?

    /// Whether a link to this place would count the images of other folders.
    func isElsewhere(_ target: String) -> Bool {
      if Folder.contains(here, target) { return false }
      return Folder.contains(target, here) || split.map { Folder.contains($0, target) } ?? false
    }
  }

  private func collect(_ prefix: String, into found: inout Images, _ visited: inout Set<[UInt]>, _ search: Search)
    throws
  {
    for entry in try (prefix.isEmpty ? self : appending(prefix)).entries() {
      let path = prefix.isEmpty ? entry.name : "\(prefix)/\(entry.name)"
      switch entry.kind {
      case .folder:
        if entry.isLink, let root = search.root { try Self.checkInside(root, link: join(path)) }
        if entry.isLink, let target = Self.realPath(join(path)), search.isElsewhere(target) {
          found.skippedLinks.append("\(path) -> \(target)")
        } else if visited.insert(try appending(path).identity()).inserted {
          try collect(path, into: &found, &visited, search)
        }
      case .file where entry.name.hasImageExtension, .missing where entry.name.hasImageExtension:
        found.paths.append(path)
      case .file, .missing, .other:
        found.otherFiles += 1
        found.otherExample = found.otherExample ?? path
      }
    }
  }

  /// Where a link to a folder leads, if that is this folder, one above it or one below it: what reads this folder reads that
  /// as well.
  static func targetRead(by folder: Folder, link: String) -> String? {
    guard let target = realPath(link), let here = realPath(folder.path) else { return nil }
    return contains(target, here) || contains(here, target) ? target : nil
  }

  /// - Throws: ``PluginError`` (bad data) where a folder of a dataset is a link that leads out of it.
  static func checkInside(_ root: Folder, link: String) throws {
    guard let target = realPath(link), let here = realPath(root.path), !contains(here, target) else { return }
    throw PluginError.badData(
      "\(link): the link leads out of the dataset, to \(target)",
      hint: "copy or mount that folder into the dataset, or give --data the folder that holds both")
  }

  /// Whether a real path is this folder or lies below it.
  private static func contains(_ folder: String, _ path: String) -> Bool {
    path == folder || path.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/")
  }

  private static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
