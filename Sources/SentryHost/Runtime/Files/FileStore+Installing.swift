import CSentryPlugin
import Glibc
import SentryDigest
import SentryPluginAPI

extension FileStore {
  /// Puts a file into the store: completely and with the right hash, or not at all.
  ///
  /// - Parameters:
  ///   - source: where it comes from, for errors.
  ///   - contents: passes the bytes on, piece by piece.
  /// - Returns: its path.
  /// - Throws: ``PluginError`` or ``FormatError``, or what `contents` throws.
  @discardableResult
  package func install(
    _ file: RequiredFile, from source: String,
    contents: (_ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws -> String {
    let path = try path(of: file)
    try SystemFile.makeFolder(Paths.folder(of: path))
    try AtomicFile.write(to: path, needing: file.bytes) { output in
      var hash = SHA256()
      try contents { piece in
        if HostState.shared.isCancelled { throw PluginError("stopped", code: SENTRY_CANCELLED) }
        guard piece.count <= file.bytes - output.written else {
          throw wrong("has more than the \(file.bytes) bytes that are expected")
        }
        hash.update(bufferPointer: piece)
        try output.write(piece)
      }
      guard output.written == file.bytes else {
        throw wrong("has \(output.written) bytes, \(file.bytes) are expected")
      }
      let found = hash.finalize().hexadecimal
      guard found == file.sha256 else { throw wrong("has the SHA-256 \(found), \(file.sha256) is expected") }
    }
    return path

    func wrong(_ what: String) -> PluginError {
      .badData("\(source) is not the right \(file.name): it \(what)")
    }
  }

  /// Runs the body while no other process installs files here.
  /// - Parameter waiting: called once if another process does.
  package func locked<Result>(waiting: (String) -> Void, _ body: (_ folder: String) throws -> Result) throws -> Result {
    guard let folder else { throw PluginError("there is no folder for model files", hint: "set \(Self.variable)=DIR") }
    try SystemFile.makeFolder(folder)
    let path = "\(folder)/.lock"
    let descriptor = SystemError.repeating { open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666) }
    guard descriptor >= 0 else { throw SystemFile.failure(path, "cannot be made") }
    defer { close(descriptor) }
    var isTold = false
    // A file system without locks has no waiting either: every file is still written whole.
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK || errno == EINTR {
      if HostState.shared.isCancelled { throw PluginError("stopped", code: SENTRY_CANCELLED) }
      if !isTold { waiting(folder) }
      isTold = true
      usleep(50_000)
    }
    return try body(folder)
  }
}
