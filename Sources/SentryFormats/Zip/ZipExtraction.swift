import Glibc

/// Unpacks zip files that come from outside: nothing is written beyond the target folder, and no more than the limits.
public enum ZipExtraction {
  public struct Limits: Sendable {
    /// Files and folders.
    public var entries = 500_000
    /// Bytes of all files together.
    public var bytes = 1 << 40
    /// How many times larger than stored an archive may become: real data stay far below.
    public var ratio = 1000
    public init() {}
  }

  /// Whether a file begins as a zip file does.
  public static func isZip(_ path: String) -> Bool {
    guard let file = try? InputFile(path), let start = try? file.bytes(at: 0, count: min(4, file.size)) else {
      return false
    }
    return start == [0x50, 0x4B, 3, 4] || start == [0x50, 0x4B, 5, 6]
  }

  /// Writes the files of the archive below `folder`, which exists and is empty. On an error, what was written so far stays
  /// for the caller to remove.
  /// - Parameter progress: called with the bytes done and their total; may throw to stop.
  /// - Throws: ``FormatError``: `refused` for a name that leads out of the folder and for links, `tooLarge` beyond the limits.
  public static func extract(
    _ path: String, to folder: String, limits: Limits = Limits(), progress: (Int, Int) throws -> Void = { _, _ in }
  ) throws {
    let archive = try ZipArchive(InputFile(path), inflating: true)
    guard archive.entries.count <= limits.entries else {
      throw FormatError(.tooLarge, file: path, "holds \(archive.entries.count) entries, more than \(limits.entries)")
    }
    var (total, stored) = (0, 0)
    for entry in archive.entries {
      _ = try components(of: entry, in: path)
      let (sum, overflow) = total.addingReportingOverflow(entry.size)
      guard !overflow, sum <= limits.bytes else {
        throw FormatError(.tooLarge, file: path, "unpacks to more than \(limits.bytes) bytes")
      }
      (total, stored) = (sum, stored + entry.storedSize)
    }
    guard total < 1 << 24 || total / max(stored, 1) <= limits.ratio else {
      throw FormatError(
        .tooLarge, file: path, "unpacks to \(total) bytes from \(stored): no real data compress so far")
    }
    var made: Set<String> = []
    var done = 0
    for entry in archive.entries {
      var parts = try components(of: entry, in: path)
      let isFolder = entry.name.utf8.last == UInt8(ascii: "/")
      let name = isFolder ? nil : parts.popLast()
      try makeFolders(parts, below: folder, &made, archive: path)
      guard let name else { continue }
      let target = ([folder] + parts + [name]).joined(separator: "/")
      try write(entry, of: archive, to: target) {
        done += $0
        try progress(done, total)
      }
    }
  }

  /// The parts of a name that stays in the folder.
  private static func components(of entry: ZipArchive.Entry, in path: String) throws -> [String] {
    func refused(_ why: String) -> FormatError {
      FormatError(
        .refused, file: path, place: String(entry.name.prefix(200)), why,
        hint: "nothing was unpacked; do not trust where this file comes from")
    }
    guard !entry.isLink else { throw refused("the entry is a symbolic link") }
    guard !entry.name.utf8.contains(0), !entry.name.utf8.contains(UInt8(ascii: "\\")) else {
      throw refused("the entry's name contains a character that is not allowed in file names")
    }
    guard entry.name.utf8.first != UInt8(ascii: "/") else { throw refused("the entry's path is absolute") }
    let parts = entry.name.split(separator: "/").map(String.init).filter { $0 != "." }
    guard !parts.contains("..") else { throw refused("the entry's path leads out of the folder") }
    guard !parts.isEmpty, parts.allSatisfy({ $0.utf8.count <= 255 }) else {
      throw refused("the entry has no usable name")
    }
    return parts
  }

  private static func makeFolders(
    _ parts: [String], below folder: String, _ made: inout Set<String>, archive: String
  ) throws {
    var path = folder
    for part in parts {
      path += "/" + part
      guard made.insert(path).inserted else { continue }
      guard mkdir(path, 0o777) == 0 else {
        throw FormatError(.cannotWrite, file: path, "the folder cannot be created: \(SystemError.last.text)")
      }
    }
  }

  private static func write(
    _ entry: ZipArchive.Entry, of archive: ZipArchive, to target: String, _ advance: (Int) throws -> Void
  ) throws {
    let descriptor = open(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw FormatError(.cannotWrite, file: target, "cannot be created: \(SystemError.last.text)")
    }
    defer { close(descriptor) }
    let output = OutputFile(descriptor: descriptor, path: target, needed: entry.size)
    try archive.forEachPiece(of: entry) { piece in
      try output.write(piece)
      try advance(piece.count)
    }
    try output.flush()
  }
}
