/// Finds files below a folder by paths whose case, or whose way to write accents, may be another than the disk's. Each folder is
/// listed once.
public struct FolderIndex {
  private struct Listing {
    /// By name. Names that are the same text in other bytes (é as one character or as two) are one key here, and the disk's
    /// own bytes are in the entries.
    var exact: [String: [Folder.Entry]] = [:]
    /// The first name, in byte order, of each lower-case spelling.
    var lowered: [String: String] = [:]

    /// As the disk writes it: the very bytes where they are there.
    func name(of text: String, _ kind: Folder.Entry.Kind) -> String? {
      let found = exact[text, default: []].filter { $0.kind == kind }.map(\.name)
      return found.first { $0.utf8.elementsEqual(text.utf8) } ?? found.first
    }
  }

  private let root: Folder
  private var listings: [String: Listing] = [:]

  public init(_ root: Folder) { self.root = root }

  /// The true path, relative to the root, of the file that `base` and `path` name; nil where there is none.
  ///
  /// - Parameter base: a folder relative to the root; empty for the root itself.
  public mutating func find(_ path: RelativePath, under base: String = "") throws -> String? {
    var found = ""
    let components = base.split(separator: "/").map(String.init) + path.components
    for (position, component) in components.enumerated() {
      let wanted: Folder.Entry.Kind = position == components.count - 1 ? .file : .folder
      let listing = try listing(of: found)
      guard
        let name = listing.name(of: component, wanted)
          ?? listing.lowered[component.lowercased()].flatMap({ listing.name(of: $0, wanted) })
      else { return nil }
      found = found.isEmpty ? name : "\(found)/\(name)"
    }
    return found
  }

  private mutating func listing(of path: String) throws -> Listing {
    if let known = listings[path] { return known }
    var listing = Listing()
    for entry in try (path.isEmpty ? root : root.appending(path)).entries() {
      listing.exact[entry.name, default: []].append(entry)
      let lowered = entry.name.lowercased()
      if listing.lowered[lowered] == nil { listing.lowered[lowered] = entry.name }
    }
    listings[path] = listing
    return listing
  }
}
