/// Writes a zip file of STORED entries as PyTorch does: data at multiples of 64 bytes, sizes and checksum after the
/// data, so that each byte is passed once; zip64 where a number exceeds 32 bits. The date is always 1980-01-01, so that
/// equal contents give equal files.
struct ZipWriter {
  private struct Entry {
    let name: [UInt8]
    let offset: UInt64
    let size: UInt64
    let checksum: UInt32
  }

  private let output: OutputFile
  private var entries: [Entry] = []
  /// From this number on zip64 is used; tests lower it.
  private let limit: UInt64
  private static let alignment = 64
  private static let sizesFollow: UInt16 = 0x0008
  private static let namesAreUTF8: UInt16 = 0x0800
  private static let date: UInt16 = 1 << 5 | 1

  init(_ output: OutputFile, zip64From limit: UInt64 = UInt64(UInt32.max)) {
    self.output = output
    self.limit = limit
  }

  mutating func add(_ name: String, _ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { contents in
      try add(name, size: contents.count) { try $0(contents) }
    }
  }

  /// Adds an entry of exactly `size` bytes, which `body` passes on in pieces.
  mutating func add(
    _ name: String, size: Int, _ body: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    let name = Array(name.utf8)
    let offset = UInt64(output.written)
    let isZip64 = UInt64(size) >= limit || offset >= limit
    let padding = Self.padding(offset: output.written, nameLength: name.count, isZip64: isZip64)

    var header = Fields()
    header.put(ZipLayout.localHeader)
    putCommon(&header, isZip64: isZip64)
    header.put(UInt32(0))
    // Known already, but readers that stream trust what follows the data; zip64 is told by all bits set.
    header.put(isZip64 ? UInt32.max : 0)
    header.put(isZip64 ? UInt32.max : 0)
    header.put(UInt16(name.count))
    header.put(UInt16((isZip64 ? 20 : 0) + 4 + padding))
    header.bytes += name
    if isZip64 { header.putZip64([UInt64(size), UInt64(size)]) }
    header.put(ZipLayout.paddingExtraID)
    header.put(UInt16(padding))
    header.bytes += [UInt8](repeating: UInt8(ascii: "Z"), count: padding)
    try output.write(header.bytes)

    var checksum = CRC32()
    let start = output.written
    try body {
      checksum.update($0)
      try output.write($0)
    }
    precondition(output.written - start == size, "an entry's size is known before its data are written")

    var descriptor = Fields()
    descriptor.put(ZipLayout.dataDescriptor)
    descriptor.put(checksum.value)
    for _ in 0..<2 {
      if isZip64 { descriptor.put(UInt64(size)) } else { descriptor.put(UInt32(size)) }
    }
    try output.write(descriptor.bytes)
    entries.append(Entry(name: name, offset: offset, size: UInt64(size), checksum: checksum.value))
  }

  /// The entries' names and checksums so far, for PyTorch's serialization id.
  var contents: [(name: [UInt8], checksum: UInt32)] { entries.map { ($0.name, $0.checksum) } }

  /// Writes the directory.
  func finish() throws {
    let start = UInt64(output.written)
    for entry in entries {
      let wideSize = entry.size >= limit
      let wideOffset = entry.offset >= limit
      let wide = (wideSize ? [entry.size, entry.size] : []) + (wideOffset ? [entry.offset] : [])
      var header = Fields()
      header.put(ZipLayout.directoryHeader)
      header.put(UInt16(wide.isEmpty ? 20 : 45))
      putCommon(&header, isZip64: !wide.isEmpty)
      header.put(entry.checksum)
      for _ in 0..<2 { header.put(wideSize ? UInt32.max : UInt32(entry.size)) }
      header.put(UInt16(entry.name.count))
      header.put(UInt16(wide.isEmpty ? 0 : 4 + 8 * wide.count))
      for _ in 0..<3 { header.put(UInt16(0)) }  // comment, disk, internal attributes
      header.put(UInt32(0))
      header.put(wideOffset ? UInt32.max : UInt32(entry.offset))
      header.bytes += entry.name
      if !wide.isEmpty { header.putZip64(wide) }
      try output.write(header.bytes)
    }
    try writeEnd(directory: start)
  }

  private func writeEnd(directory start: UInt64) throws {
    let end = UInt64(output.written)
    let count = UInt64(entries.count)
    let isZip64 = start >= limit || end - start >= limit || count >= UInt64(UInt16.max)
    var record = Fields()
    if isZip64 {
      record.put(ZipLayout.zip64End)
      record.put(UInt64(ZipLayout.zip64EndSize - 12))
      record.put(UInt16(45))
      record.put(UInt16(45))
      record.put(UInt32(0))
      record.put(UInt32(0))
      for number in [count, count, end - start, start] { record.put(number) }
      record.put(ZipLayout.zip64Locator)
      record.put(UInt32(0))
      record.put(end)
      record.put(UInt32(1))
    }
    record.put(ZipLayout.end)
    record.put(UInt16(0))
    record.put(UInt16(0))
    for _ in 0..<2 { record.put(isZip64 ? UInt16.max : UInt16(count)) }
    record.put(isZip64 ? UInt32.max : UInt32(end - start))
    record.put(isZip64 ? UInt32.max : UInt32(start))
    record.put(UInt16(0))
    try output.write(record.bytes)
  }

  /// From "version needed" to the date.
  private func putCommon(_ header: inout Fields, isZip64: Bool) {
    header.put(UInt16(isZip64 ? 45 : 20))
    header.put(Self.sizesFollow | Self.namesAreUTF8)
    header.put(UInt16(0))
    header.put(UInt16(0))
    header.put(Self.date)
  }

  private static func padding(offset: Int, nameLength: Int, isZip64: Bool) -> Int {
    let start = offset + ZipLayout.localHeaderSize + nameLength + (isZip64 ? 20 : 0) + 4
    return (alignment - start % alignment) % alignment
  }

  /// Little-endian fields of a record.
  private struct Fields {
    var bytes: [UInt8] = []

    mutating func put<Number: FixedWidthInteger>(_ number: Number) {
      for shift in 0..<MemoryLayout<Number>.size { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * shift))) }
    }

    mutating func putZip64(_ numbers: [UInt64]) {
      put(ZipLayout.zip64ExtraID)
      put(UInt16(8 * numbers.count))
      for number in numbers { put(number) }
    }
  }
}
