import Glibc

/// A new file that grows while others read it. What was appended stays; a part of an append that fails is cut off again.
public final class GrowingFile {
  public let path: String
  private let descriptor: Int32
  private var length = 0

  /// Throws ``FormatError``: where a file of this name is already there, too.
  public init(creating path: String) throws {
    let descriptor = SystemError.repeating { open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else {
      throw FormatError(
        .cannotWrite, file: path, "cannot be created: \(SystemError.last.text)",
        hint: "check the folder's permissions and the disk")
    }
    (self.path, self.descriptor) = (path, descriptor)
  }

  deinit { close(descriptor) }

  /// Appends `bytes` and brings them to the disk. Throws ``FormatError`` with code `cannotWrite`.
  public func append(_ bytes: [UInt8]) throws {
    if let error = bytes.withUnsafeBytes({ SystemError.writing($0, to: descriptor) }) {
      throw cutBack(error, needed: bytes.count)
    }
    // Some file systems know no fsync.
    if SystemError.repeating({ fsync(descriptor) }) != 0, errno != EINVAL {
      throw cutBack(SystemError.last, needed: bytes.count)
    }
    length += bytes.count
  }

  private func cutBack(_ error: SystemError, needed: Int) -> FormatError {
    // Where this fails as well, readers meet an unfinished end.
    _ = ftruncate(descriptor, off_t(length))
    return FormatError(
      .cannotWrite, file: path, "cannot be written: \(error.text); \(needed) bytes were to be added to \(length)",
      hint: error.writingHint)
  }
}
