import Glibc

/// A regular file opened for reading at any position by any thread.
///
/// Reads go through `pread`, not a mapping: a file that another process cuts short gives an error here, and would kill
/// the process there.
package final class InputFile: Sendable {
  package let path: String
  /// Length in bytes when the file was opened.
  package let size: Int
  private let descriptor: Int32

  package init(_ path: String) throws {
    // Without O_NONBLOCK, opening a pipe waits for its writer.
    let descriptor = SystemError.repeating { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else {
      let error = SystemError.last
      throw FormatError(
        .cannotOpen, file: path, "cannot be opened: \(error.text)",
        hint: error.number == ENOENT ? "check the path" : "check the permissions of the file and its folders")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw FormatError(.cannotOpen, file: path, "is not a regular file", hint: "name a file, not a folder or device")
    }
    self.path = path
    self.size = Int(status.st_size)
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  /// Fills `buffer` from `offset` on, or throws: `truncated` where the file ends first, `cannotRead` otherwise.
  package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
    try requireRange(offset, buffer.count)
    guard let base = buffer.baseAddress else { return }
    var done = 0
    while done < buffer.count {
      let count = SystemError.repeating { pread(descriptor, base + done, buffer.count - done, offset + done) }
      guard count >= 0 else {
        throw FormatError(
          .cannotRead, file: path, place: "byte \(offset + done)", "cannot be read: \(SystemError.last.text)",
          hint: "check the disk")
      }
      guard count > 0 else { throw shrunk(at: offset + done) }
      done += count
    }
  }

  /// `count` bytes from `offset` on. The count must come from the file's size or be bounded by the caller.
  package func bytes(at offset: Int, count: Int) throws -> [UInt8] {
    try requireRange(offset, count)
    return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
      let target = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count)
      try read(at: offset, into: target)
      initialised = count
    }
  }

  /// Before any memory is taken: does the file hold these bytes?
  private func requireRange(_ offset: Int, _ count: Int) throws {
    guard offset >= 0, count >= 0, offset <= size, count <= size - offset else {
      throw FormatError(
        .truncated, file: path, place: "byte \(offset)", "needs \(count) bytes here, but the file has \(size) in all",
        hint: "the file is incomplete: fetch or save it again")
    }
  }

  private func shrunk(at offset: Int) -> FormatError {
    FormatError(
      .truncated, file: path, place: "byte \(offset)", "the file became shorter while it was read (was \(size) bytes)",
      hint: "another program is writing it: try again when that is done")
  }
}
