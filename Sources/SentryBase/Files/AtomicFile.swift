import Glibc

/// Writes whole files so that a reader sees the old contents or the new ones and never a part, even after a power cut:
/// a temporary name in the same folder, checked writes, fsync, rename, fsync of the folder.
///
/// A process that is killed while it writes leaves its temporary file behind; the next that writes the same name removes it.
/// A symbolic link at the path is replaced by the file; devices, pipes and folders are refused.
public enum AtomicFile {
  /// Replaces the file at `path` by `bytes`. Throws ``FormatError``; then what was there before is untouched.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    try bytes.withUnsafeBytes { try write($0, to: path) }
  }

  /// Replaces the file at `path` by the UTF-8 form of `text`. Throws ``FormatError``.
  public static func write(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }

  /// Replaces the file at `path` by `bytes`. Throws ``FormatError``.
  public static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws {
    try write(to: path, needing: bytes.count) { try $0.write(bytes) }
  }

  /// Replaces the file at `path` by what `body` writes.
  /// - Parameters:
  ///   - needing: bytes that will be written, where known: an error names them.
  ///   - synced: false leaves it to the caller to sync what it writes, once for many files.
  /// - Throws: ``FormatError``, or what `body` throws; the temporary file is removed.
  public static func write(
    to path: String, needing: Int? = nil, synced: Bool = true, _ body: (OutputFile) throws -> Void
  ) throws {
    let mode = try modeOfReplaced(path)
    let (folder, name) = split(path)
    guard !name.isEmpty, name != ".", name != ".." else {
      throw FormatError(.cannotWrite, file: path, "is not a file name", hint: "add the file's name to the path")
    }
    let (descriptor, temporary) = try createTemporary(in: folder, for: name, path: path)
    var isOpen = true
    do {
      let output = OutputFile(descriptor: descriptor, path: path, needed: needing)
      try body(output)
      try output.flush()
      if let mode, fchmod(descriptor, mode) != 0 { throw output.failure(.last) }
      guard !synced || SystemError.repeating({ fsync(descriptor) }) == 0 else { throw output.failure(.last) }
      isOpen = false
      // Network file systems report a full disk only here.
      guard SystemError.closing(descriptor) else { throw output.failure(.last) }
      guard SystemError.repeating({ rename(temporary, path) }) == 0 else { throw output.failure(.last) }
    } catch {
      if isOpen { close(descriptor) }
      unlink(temporary)
      throw error
    }
    if synced { try sync(folder: folder, path: path) }
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
      let descriptor = SystemError.repeating { open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
      if descriptor >= 0 {
        if Leftovers.claim(descriptor) { return (descriptor, temporary) }
        close(descriptor)
        continue
      }
      let error = SystemError.last
      if error.number != EEXIST {
        throw FormatError(
          .cannotWrite, file: path, "no file can be created in \(folder): \(error.text)",
          hint: error.number == ENOENT ? "create the folder first" : "check the folder's permissions and the disk")
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
