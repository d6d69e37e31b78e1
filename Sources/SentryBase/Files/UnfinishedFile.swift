import Glibc

/// A file under a temporary name beside the one that it gets in the end. One that is not finished leaves nothing.
package final class UnfinishedFile {
  /// For reading and writing, at any place.
  package let descriptor: Int32
  package let path: String
  private let temporary: String
  private let folder: String
  private let mode: mode_t?
  private var isOpen = true
  private var isFinished = false

  /// Throws ``FormatError``.
  package init(for path: String) throws {
    mode = try Self.modeOfReplaced(path)
    let (folder, name) = Self.split(path)
    guard !name.isEmpty, name != ".", name != ".." else {
      throw FormatError(.cannotWrite, file: path, "is not a file name", hint: "add the file's name to the path")
    }
    (self.path, self.folder) = (path, folder)
    (descriptor, temporary) = try Self.createTemporary(in: folder, for: name, path: path)
  }

  deinit {
    if isOpen { close(descriptor) }
    if !isFinished { unlink(temporary) }
  }

  /// Brings the file to the disk and gives it its name.
  /// - Parameters:
  ///   - synced: false leaves it to the caller to sync what it writes, once for many files.
  ///   - failure: what is thrown for an error of the system.
  package func finish(synced: Bool = true, failure: (SystemError) -> FormatError) throws {
    if let mode, fchmod(descriptor, mode) != 0 { throw failure(.last) }
    guard !synced || SystemError.repeating({ fsync(descriptor) }) == 0 else { throw failure(.last) }
    isOpen = false
    // Network file systems report a full disk only here.
    guard SystemError.closing(descriptor) else { throw failure(.last) }
    guard SystemError.repeating({ rename(temporary, path) }) == 0 else { throw failure(.last) }
    isFinished = true
    if synced { try Self.sync(folder: folder, path: path) }
  }

  /// The permissions to keep, or nil where nothing is replaced.
  private static func modeOfReplaced(_ path: String) throws -> mode_t? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return status.st_mode & 0o777
    case S_IFLNK: return nil
    default:
      throw FormatError(
        .cannotWrite, file: path, "is a folder or device, which is not replaced by a file", hint: "choose another name")
    }
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }

  private static func createTemporary(in folder: String, for name: String, path: String) throws -> (Int32, String) {
    // A name may have 255 bytes; the end of a long one gives way to the suffix.
    let stem = name.utf8.count <= 200 ? name : String(name.prefix(40))
    Leftovers.remove(".\(stem).tmp-", in: folder)
    for attempt in 0..<100 {
      // Another thread may be writing the same name, and a dead process may have left one behind.
      let suffix = attempt == 0 ? "" : "-\(attempt)"
      let temporary = "\(folder)/.\(stem).tmp-\(getpid())\(suffix)"
      let descriptor = SystemError.repeating { open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
      if descriptor >= 0 {
        if Leftovers.claim(descriptor) { return (descriptor, temporary) }
        close(descriptor)
        continue
      }
      let error = SystemError.last
      if error.number != EEXIST {
        throw FormatError(
          .cannotWrite, file: path, "no file can be created in \(folder): \(error.text)",
          hint: error.number == ENOENT ? "make the folder first" : "check the folder's permissions and the disk")
      }
    }
    throw FormatError(
      .cannotWrite, file: path, "too many unfinished files in \(folder)", hint: "remove .\(stem).tmp-* from it")
  }

  /// The new name itself is only safe once the folder is on the disk.
  private static func sync(folder: String, path: String) throws {
    let descriptor = SystemError.repeating { open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    // A folder that may be written but not read cannot be synced.
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard SystemError.repeating({ fsync(descriptor) }) == 0 else {
      let error = SystemError.last
      // Some file systems know no fsync of folders.
      if error.number == EINVAL || error.number == ENOTSUP { return }
      throw FormatError(
        .cannotWrite, file: path, "was written, but its folder cannot be synced: \(error.text)", hint: "check the disk")
    }
  }
}
