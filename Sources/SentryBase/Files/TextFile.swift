/// A whole text in memory.
public enum TextFile {
  /// A file in UTF-8, with or without a byte order mark.
  /// - Parameter limit: bytes beyond which the file is refused before any memory is taken.
  /// - Throws: ``FormatError``.
  public static func read(_ path: String, limit: Int = 256 << 20) throws -> String {
    let file = try InputFile(path)
    guard file.size <= limit else {
      throw FormatError(.tooLarge, file: path, "has \(file.size) bytes, more than the \(limit) that are read")
    }
    let bytes = try file.bytes(at: 0, count: file.size)
    guard
      let text = String(validating: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...], as: UTF8.self)
    else {
      throw FormatError(.malformed, file: path, "is not in UTF-8", hint: "save it as UTF-8")
    }
    return text
  }
}
