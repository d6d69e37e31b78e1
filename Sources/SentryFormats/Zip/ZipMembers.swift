/// A zip file of which single files are read and nothing is unpacked.
public struct ZipMembers {
  private let archive: ZipArchive

  /// Throws ``FormatError``.
  public init(_ path: String) throws { archive = try ZipArchive(InputFile(path), inflating: true) }

  /// Whether it holds a file under this name; a link is none.
  public func contains(_ name: String) -> Bool {
    archive[name].map { !$0.isLink && !$0.name.hasSuffix("/") } ?? false
  }

  /// Passes the contents of a file on, in pieces.
  /// - Throws: ``FormatError``, in the end also where the checksum differs; or what `body` throws.
  public func read(_ name: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard let entry = archive[name], contains(name) else {
      throw FormatError(.malformed, file: archive.file.path, "holds no file \(name)")
    }
    try archive.forEachPiece(of: entry, body)
  }
}
