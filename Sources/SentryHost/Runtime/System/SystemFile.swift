import Glibc
import SentryPluginAPI
@_exported import SentryBase

// Paths, files and system errors: what almost every file of the host uses.

extension Paths {
  /// The folder for files that are gone when a command ends, `$TMPDIR`.
  package static var temporary: String { environment("TMPDIR") ?? "/tmp" }
}

/// Small files and folders of the operating system, with errors that name them.
package enum SystemFile {
  /// The text of a file of at most `limit` bytes; nil where there is none. Throws ``PluginError``.
  package static func text(_ path: String, limit: Int = 64 << 20) throws -> String? {
    try bytes(path, limit: limit).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The content of a file of at most `limit` bytes; nil where there is none. Throws ``PluginError``.
  package static func bytes(_ path: String, limit: Int = 64 << 20) throws -> [UInt8]? {
    // Without O_NONBLOCK, opening a pipe waits for its writer.
    let file = SystemError.repeating { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard file >= 0 else {
      if errno == ENOENT { return nil }
      throw failure(path, "cannot be opened")
    }
    defer { close(file) }
    var info = stat()
    guard fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      throw PluginError.badData("\(path) is not a regular file", hint: "name a file, not a folder, pipe or device")
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = SystemError.repeating { read(file, &buffer, buffer.count) }
      guard count >= 0 else { throw failure(path, "cannot be read") }
      if count == 0 { break }
      bytes.append(contentsOf: buffer.prefix(count))
      guard bytes.count <= limit else {
        throw PluginError.badData("\(path): longer than the limit of \(limit) bytes")
      }
    }
    return bytes
  }

  /// The names in a folder, sorted; nil where there is nothing of its name. Throws ``PluginError``.
  package static func names(in folder: String) throws -> [String]? {
    guard let stream = opendir(folder) else {
      if errno == ENOENT, !folder.isEmpty, !isLink(folder) { return nil }
      throw folderFailure(folder, "cannot be listed")
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// What a symbolic link says. Throws ``PluginError``.
  package static func target(ofLink path: String) throws -> String {
    var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = bytes.withUnsafeMutableBytes { buffer in
      buffer.baseAddress.map { readlink(path, $0, buffer.count) } ?? -1
    }
    guard count > 0, count < bytes.count else { throw failure(path, "is not a readable link") }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Makes a folder and those above it.
  package static func makeFolder(_ path: String) throws {
    guard mkdir(path, 0o777) != 0 else { return }
    if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try makeFolder(String(path[..<slash]))
      if mkdir(path, 0o777) == 0 { return }
    }
    var status = stat()
    let problem = errno
    guard problem == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      errno = problem
      throw folderFailure(path, "the folder cannot be created")
    }
  }

  private static func isLink(_ path: String) -> Bool {
    let problem = errno
    defer { errno = problem }
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// Why a path is not the folder that it should be. To be called before anything else can change `errno`.
  private static func folderFailure(_ path: String, _ what: String) -> PluginError {
    let problem = errno
    guard !path.isEmpty else {
      return .invalid("the name of the folder is empty", hint: "name a folder; . is the current one")
    }
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
      return .invalid("\(path) is not a folder", hint: "name a folder, or another name for a new one")
    }
    if isLink(path), stat(path, &status) != 0, let target = try? target(ofLink: path) {
      return .invalid(
        "\(path) is a link to \(target), which does not exist",
        hint: "make that folder, remove the link, or name another one")
    }
    errno = problem
    return failure(path, what)
  }

  package static func removeFile(_ path: String) throws {
    guard unlink(path) == 0 || errno == ENOENT else { throw failure(path, "cannot be removed") }
  }

  package static func removeEmptyFolder(_ path: String) throws {
    guard rmdir(path) == 0 || errno == ENOENT else { throw failure(path, "the folder cannot be removed") }
  }

  /// Makes the names in a folder safe against a power cut.
  package static func sync(folder: String) throws {
    let file = SystemError.repeating { open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard file >= 0 else { throw failure(folder, "cannot be opened") }
    defer { close(file) }
    // Some file systems know no fsync of folders.
    guard SystemError.repeating({ fsync(file) }) == 0 || errno == EINVAL else {
      throw failure(folder, "cannot be synced")
    }
  }

  /// To be called before anything else can change `errno`.
  package static func failure(_ path: String, _ what: String) -> PluginError {
    .system(path, what, whenFull: "free space on this disk or choose another --output")
  }
}
