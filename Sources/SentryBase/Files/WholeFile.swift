/// A regular file read at once, or its beginning.
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
}
