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
    let file = try UnfinishedFile(for: path)
    let output = OutputFile(descriptor: file.descriptor, path: path, needed: needing)
    try body(output)
    try output.flush()
    try file.finish(synced: synced) { output.failure($0) }
  }
}
