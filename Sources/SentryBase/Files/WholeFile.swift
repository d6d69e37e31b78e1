/// A regular file read from its beginning: all of it, its start, or piece by piece.
public enum WholeFile {
  /// All bytes of the file at `path`. Throws ``FormatError``: `tooLarge` beyond `limit` bytes, before any is read.
  public static func bytes(of path: String, limit: Int) throws -> [UInt8] {
    let file = try InputFile(path)
    guard file.size <= limit else {
      throw FormatError(.tooLarge, file: path, "has \(file.size) bytes; at most \(limit) are read")
    }
    return try file.bytes(at: 0, count: file.size)
  }

  /// The first `count` bytes, or fewer where the file is shorter. Throws ``FormatError``.
  public static func start(of path: String, count: Int) throws -> [UInt8] {
    let file = try InputFile(path)
    return try file.bytes(at: 0, count: min(count, file.size))
  }

  /// Passes all bytes on in pieces, so that memory does not grow with the file. Throws ``FormatError``, or what `body` throws.
  public static func forEachPiece(of path: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let file = try InputFile(path)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, min(file.size, 1 << 18)), alignment: 16)
    defer { buffer.deallocate() }
    var done = 0
    while done < file.size {
      let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, file.size - done)])
      try file.read(at: done, into: piece)
      try body(UnsafeRawBufferPointer(piece))
      done += piece.count
    }
  }
}
