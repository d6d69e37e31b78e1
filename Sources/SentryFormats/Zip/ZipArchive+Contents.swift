extension ZipArchive {
  /// Passes the contents of an entry on in pieces, inflated if need be, and compares them with its size and checksum.
  /// - Throws: ``FormatError``, in the end also where the checksum differs; or what `body` throws.
  func forEachPiece(of entry: Entry, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    var (checksum, done) = (CRC32(), 0)
    func put(_ bytes: UnsafeRawBufferPointer) throws {
      // A stream that inflates to more than the directory says would fill the disk.
      guard bytes.count <= entry.size - done else { throw damaged("contains more data than it states") }
      checksum.update(bytes)
      done += bytes.count
      try body(bytes)
    }
    func damaged(_ what: String) -> FormatError {
      FormatError(
        .malformed, file: file.path, place: entry.name, "the entry \(what)",
        hint: "the file is damaged: fetch it again")
    }
    if entry.isDeflated {
      guard let inflater = Inflater() else { throw damaged("cannot be inflated: no memory") }
      try entry.data.forEachChunk(of: 1 << 18) { piece in
        guard try inflater.feed(piece, put) else { throw damaged("is not deflate data") }
      }
      guard inflater.isAtEnd else { throw damaged("ends too early") }
    } else {
      try entry.data.forEachChunk(of: 1 << 18, put)
    }
    guard done == entry.size else { throw damaged("contains less data than it states") }
    guard checksum.value == entry.checksum else {
      throw FormatError(
        .checksum, file: file.path, place: entry.name, "the data do not match the stored checksum",
        hint: "the file is damaged: fetch it again")
    }
  }
}
