/// A range of an open file, read when its bytes are asked for.
struct FileRegion: Sendable {
  let file: InputFile
  let offset: Int
  let count: Int

  /// The part that starts `start` bytes in. The caller has checked that it lies within.
  func slice(_ start: Int, count: Int) -> FileRegion {
    FileRegion(file: file, offset: offset + start, count: count)
  }

  func load() throws -> [UInt8] {
    try file.bytes(at: offset, count: count)
  }

  func copy(into target: UnsafeMutableRawBufferPointer) throws {
    try file.read(at: offset, into: target)
  }

  /// Passes the bytes in pieces of at most `size`, so that memory does not grow with the region.
  func forEachChunk(of size: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(size, count), alignment: 16)
    defer { buffer.deallocate() }
    var done = 0
    while done < count {
      let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(size, count - done)])
      try file.read(at: offset + done, into: piece)
      try body(UnsafeRawBufferPointer(piece))
      done += piece.count
    }
  }

  /// CRC-32 of the bytes.
  func checksum() throws -> UInt32 {
    var checksum = CRC32()
    try forEachChunk(of: 1 << 20) { checksum.update($0) }
    return checksum.value
  }
}
