/// Where a command writes: as the user named it, and from the root. Made before a plugin is loaded, which may change the process's
/// working folder.
package struct OutputPlace: Sendable {
  /// As it was given, for words; without a slash at the end.
  package let path: String
  /// The same from the root, for files.
  package let place: String

  package init(_ path: String) {
    self.path = Paths.withoutEndingSlash(path)
    // An empty path is no place: making it fails, and says so.
    place = path.isEmpty || path.hasPrefix("/") ? self.path : "\(Paths.working)/\(self.path)"
  }
}
