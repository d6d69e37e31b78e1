extension ZipArchive {
  /// Where the central directory lies and how many entries it has.
  struct Directory {
    let range: Range<Int>
    let count: Int
  }

  /// The end record stands at the very end but for a comment of at most 65,535 bytes.
  static func findDirectory(_ file: InputFile) throws -> Directory {
    let tailSize = min(file.size, ZipLayout.endSize + Int(UInt16.max))
    let tailStart = file.size - tailSize
    let tail = LittleEndian(bytes: try file.bytes(at: tailStart, count: tailSize))
    var position = tailSize - ZipLayout.endSize
    while position >= 0 {
      if tail.number(at: position, UInt32.self) == ZipLayout.end,
        tail.u16(position + 20) == tailSize - position - ZipLayout.endSize
      {
        break
      }
      position -= 1
    }
    guard position >= 0 else {
      throw FormatError(
        .truncated, file: file.path, "the zip file has no end record",
        hint: "the file is incomplete: fetch or save it again")
    }
    let end = tailStart + position
    if end >= ZipLayout.zip64LocatorSize {
      let offset = end - ZipLayout.zip64LocatorSize
      let locator = LittleEndian(bytes: try file.bytes(at: offset, count: ZipLayout.zip64LocatorSize))
      if locator.number(at: 0, UInt32.self) == ZipLayout.zip64Locator {
        return try zip64Directory(file, locator, locatorOffset: offset)
      }
    }
    guard tail.u16(position + 4) == 0, tail.u16(position + 6) == 0, let here = tail.u16(position + 8),
      let count = tail.u16(position + 10), let size = tail.u32(position + 12), let start = tail.u32(position + 16)
    else { throw malformed(file, "the zip file is one of several parts") }
    return try directory(file, start: start, size: size, count: count, here: here, end: end)
  }

  private static func zip64Directory(
    _ file: InputFile, _ locator: LittleEndian, locatorOffset: Int
  ) throws -> Directory {
    guard let offset = locator.u64(8), offset <= locatorOffset - ZipLayout.zip64EndSize else {
      throw malformed(file, "the zip file's end record points outside the file")
    }
    let record = LittleEndian(bytes: try file.bytes(at: offset, count: ZipLayout.zip64EndSize))
    guard record.number(at: 0, UInt32.self) == ZipLayout.zip64End, record.u32(16) == 0, record.u32(20) == 0,
      let here = record.u64(24), let count = record.u64(32), let size = record.u64(40), let start = record.u64(48)
    else { throw malformed(file, "the zip file's end record is damaged") }
    return try directory(file, start: start, size: size, count: count, here: here, end: offset)
  }

  private static func directory(
    _ file: InputFile, start: Int, size: Int, count: Int, here: Int, end: Int
  ) throws -> Directory {
    guard here == count, start <= end, size <= end - start, count <= size / ZipLayout.directoryHeaderSize else {
      throw malformed(file, "the zip file's directory does not fit in the file")
    }
    guard size <= 1 << 28 else {
      throw FormatError(.tooLarge, file: file.path, "the zip file's directory has \(size) bytes")
    }
    return Directory(range: start..<start + size, count: count)
  }

  static func readDirectory(_ file: InputFile, _ directory: Directory, inflating: Bool) throws -> [Entry] {
    let bytes = LittleEndian(bytes: try file.bytes(at: directory.range.lowerBound, count: directory.range.count))
    var entries: [Entry] = []
    var position = 0
    for _ in 0..<directory.count {
      guard bytes.number(at: position, UInt32.self) == ZipLayout.directoryHeader, let flags = bytes.u16(position + 8),
        let method = bytes.u16(position + 10), let checksum = bytes.number(at: position + 16, UInt32.self),
        let compressed = bytes.u32(position + 20), let size = bytes.u32(position + 24),
        let nameLength = bytes.u16(position + 28), let extraLength = bytes.u16(position + 30),
        let commentLength = bytes.u16(position + 32), let offset = bytes.u32(position + 42)
      else { throw malformed(file, "the zip file's directory is damaged") }
      let nameStart = position + ZipLayout.directoryHeaderSize
      let next = nameStart + nameLength + extraLength + commentLength
      guard next <= bytes.bytes.count,
        let name = String(validating: bytes.bytes[nameStart..<nameStart + nameLength], as: UTF8.self)
      else { throw malformed(file, "the zip file's directory is damaged") }
      guard method == 0 || (inflating && method == ZipLayout.deflate), flags & 1 == 0 else {
        throw FormatError(
          .unsupported, file: file.path, place: name,
          inflating
            ? "the entry is encrypted, or compressed by another method than deflate (number \(method))"
            : "the entry is compressed or encrypted",
          hint: inflating
            ? "unpack the file with the program that made it"
            : "torch.save does neither: save the file again with it")
      }
      let extra = LittleEndian(bytes: Array(bytes.bytes[nameStart + nameLength..<next - commentLength]))
      let (fullSize, fullCompressed, fullOffset) = try widen(file, extra, size, compressed, offset)
      guard method != 0 || fullSize == fullCompressed else {
        throw malformed(file, "the entry \(name) has two sizes")
      }
      entries.append(
        Entry(
          name: name, headerOffset: fullOffset, size: fullSize, storedSize: fullCompressed,
          isDeflated: method != 0, isLink: isLink(madeBy: bytes.u16(position + 4), bytes.u32(position + 38)),
          checksum: checksum,
          data: FileRegion(file: file, offset: 0, count: 0)))
      position = next
    }
    return entries
  }

  /// Unix archivers keep the kind of a file in the upper half of the external attributes.
  private static func isLink(madeBy: Int?, _ attributes: Int?) -> Bool {
    guard let madeBy, let attributes, madeBy >> 8 == 3 else { return false }
    return (attributes >> 16) & 0o170000 == 0o120000
  }

  /// Numbers that do not fit 32 bits stand in an extra field, in this order and only those.
  private static func widen(
    _ file: InputFile, _ extra: LittleEndian, _ size: Int, _ compressed: Int, _ offset: Int
  ) throws -> (size: Int, compressed: Int, offset: Int) {
    let full = Int(UInt32.max)
    guard size == full || compressed == full || offset == full else { return (size, compressed, offset) }
    var position = 0
    while let id = extra.number(at: position, UInt16.self), let length = extra.u16(position + 2) {
      if id == ZipLayout.zip64ExtraID {
        var cursor = position + 4
        let end = cursor + length
        func next(_ short: Int) throws -> Int {
          guard short == full else { return short }
          guard cursor + 8 <= end, let value = extra.u64(cursor) else {
            throw malformed(file, "the zip file's directory is damaged")
          }
          cursor += 8
          return value
        }
        return (try next(size), try next(compressed), try next(offset))
      }
      position += 4 + length
    }
    return (size, compressed, offset)
  }
}
