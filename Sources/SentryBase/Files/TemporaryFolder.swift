import Glibc

/// A folder for the files of one call. It is locked as long as it is in use: those of killed processes are removed when the next
/// one is made.
public enum TemporaryFolder {
  /// - Parameters:
  ///   - prefix: what its name begins with; no other folders of the user may be called so.
  ///   - place: where it is made.
  public static func with<Result>(
    _ prefix: String, in place: String, _ body: (_ folder: String) throws -> Result
  ) throws -> Result {
    for name in Leftovers.list(place, { strncmp($0, prefix, prefix.utf8.count) == 0 }) {
      // A descriptor of a folder that is gone is of no use to who is making it, who then makes another.
      if let descriptor = try? locked("\(place)/\(name)") {
        remove("\(place)/\(name)")
        close(descriptor)
      }
    }
    while true {
      var template = Array("\(place)/\(prefix)XXXXXX".utf8CString)
      guard mkdtemp(&template) != nil else {
        let error = SystemError.last
        throw FormatError(
          .cannotWrite, file: place, "no temporary folder can be created: \(error.text)", hint: error.hint())
      }
      let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard let descriptor = try locked(folder) else { continue }
      defer {
        remove(folder)
        close(descriptor)
      }
      return try body(folder)
    }
  }

  /// - Returns: nil for a folder that somebody uses or has removed, and for what is no folder of this user.
  private static func locked(_ folder: String) throws -> Int32? {
    let descriptor = SystemError.repeating { open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW) }
    if descriptor < 0 {
      let error = SystemError.last
      if [ENOENT, ENOTDIR, ELOOP].contains(error.number) { return nil }
      throw FormatError(.cannotRead, file: folder, "cannot be opened: \(error.text)", hint: error.hint())
    }
    var status = stat()
    let isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0
    if isLocked, fstat(descriptor, &status) == 0, status.st_nlink > 0, status.st_uid == geteuid() { return descriptor }
    close(descriptor)
    return nil
  }

  /// The folder with the files in it.
  private static func remove(_ folder: String) {
    for name in Leftovers.list(folder, { strcmp($0, ".") != 0 && strcmp($0, "..") != 0 }) {
      unlink("\(folder)/\(name)")
    }
    rmdir(folder)
  }
}
