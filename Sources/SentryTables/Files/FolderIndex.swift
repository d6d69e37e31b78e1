/// Finds files below a folder by paths whose case may be wrong. Each folder is listed once.
public struct FolderIndex {
  private struct Listing {
    var exact: [String: Folder.Entry.Kind] = [:]
    /// The first name, in byte order, of each lower-case spelling.
    var lowered: [String: String] = [:]
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
      let name: String
      if listing.exact[component] == wanted {
        name = component
      } else if let other = listing.lowered[component.lowercased()], listing.exact[other] == wanted {
        name = other
      } else {
        return nil
      }
      found = found.isEmpty ? name : "\(found)/\(name)"
    }
    return found
  }

  private mutating func listing(of path: String) throws -> Listing {
    if let known = listings[path] { return known }
    var listing = Listing()
    for entry in try (path.isEmpty ? root : root.appending(path)).entries() {
      listing.exact[entry.name] = entry.kind
      let lowered = entry.name.lowercased()
      if listing.lowered[lowered] == nil { listing.lowered[lowered] = entry.name }
    }
    listings[path] = listing
    return listing
  }
}
