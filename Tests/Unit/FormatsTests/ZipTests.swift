import Glibc
import Testing

@testable import SentryFormats

@Suite struct ZipTests {
  private func write(zip64From limit: UInt64, to path: String) throws {
    try AtomicFile.write(to: path) { output in
      var zip = ZipWriter(output, zip64From: limit)
      try zip.add("archive/small", [1, 2, 3])
      try zip.add("archive/large", [UInt8](repeating: 7, count: 500))
      try zip.add("archive/empty", [])
      try zip.finish()
    }
  }

  /// The limits stand for 4 GiB: nothing, the large entry, the offset of the last one, everything.
  @Test(arguments: [UInt64(UInt32.max), 500, 400, 1])
  func roundTrip(limit: UInt64) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.zip")
    try write(zip64From: limit, to: path)
    let archive = try ZipArchive(InputFile(path))
    #expect(archive.entries.map(\.name) == ["archive/small", "archive/large", "archive/empty"])
    for entry in archive.entries {
      try archive.verify(entry)
      #expect(entry.data.offset.isMultiple(of: 64))
    }
    #expect(try archive["archive/small"]?.data.load() == [1, 2, 3])
    #expect(archive["archive/large"]?.size == 500)
    #expect(archive["archive/none"] == nil)
  }

  @Test(
    .enabled(if: access("/usr/bin/python3", X_OK) == 0, "no python3"), arguments: [UInt64(UInt32.max), 500, 1])
  func pythonReads(limit: UInt64) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.zip")
    try write(zip64From: limit, to: path)
    let output = try #require(
      try Python.run("import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), z.namelist())", [path]))
    #expect(output == "None ['archive/small', 'archive/large', 'archive/empty']\n")
  }

  /// Each byte of the headers in turn gets its worst values.
  @Test func damagedHeadersAreRefusedOrRead() throws {
    let folder = try TemporaryFolder()
    for limit in [UInt64(UInt32.max), 1] {
      let path = folder.file("a.zip")
      try write(zip64From: limit, to: path)
      let original = try contents(path)
      for position in original.indices {
        for value: UInt8 in [0, 1, 0x7F, 0xFF] {
          var bytes = original
          bytes[position] = value
          let mutant = try folder.file("mutant.zip", bytes)
          do {
            let archive = try ZipArchive(InputFile(mutant))
            for entry in archive.entries { try archive.verify(entry) }
          } catch is FormatError {}
        }
      }
    }
  }

  /// Sizes and places of up to 2^63 in each zip64 field of the directory: refused without taking the memory.
  @Test func absurdSizesAreRefused() throws {
    let folder = try TemporaryFolder()
    try write(zip64From: 1, to: folder.file("a.zip"))
    let original = try contents(folder.file("a.zip"))
    let directory = try ZipArchive.findDirectory(InputFile(folder.file("a.zip"))).range
    // Of the first entry: its extra field begins behind the name, with an id and a length.
    let fields = directory.lowerBound + ZipLayout.directoryHeaderSize + "archive/small".utf8.count + 4
    for number in [UInt64.max, 1 << 63, 1 << 62, 1 << 40] {
      for field in 0..<3 {
        var bytes = original
        for byte in 0..<8 { bytes[fields + 8 * field + byte] = UInt8(truncatingIfNeeded: number >> (8 * byte)) }
        if field < 2 {
          // Both sizes, or they would be refused for being two.
          for byte in 0..<8 { bytes[fields + 8 * (1 - field) + byte] = bytes[fields + 8 * field + byte] }
        }
        expectError(.malformed) { _ = try ZipArchive(InputFile(folder.file("b.zip", bytes))) }
      }
    }
  }

  @Test func entriesMayNotOverlap() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.zip")
    try AtomicFile.write(to: path) { output in
      var zip = ZipWriter(output)
      try zip.add("archive/a", [1, 2, 3])
      try zip.add("archive/b", [1, 2, 3])
      try zip.finish()
    }
    var bytes = try contents(path)
    // The second directory entry takes the name and the place of the first.
    let directory = try ZipArchive.findDirectory(InputFile(path)).range
    let half = directory.count / 2
    for index in 0..<half { bytes[directory.lowerBound + half + index] = bytes[directory.lowerBound + index] }
    expectError(.malformed, naming: "twice") { _ = try ZipArchive(InputFile(folder.file("b.zip", bytes))) }
    // Only the place: another name at the same bytes.
    bytes = try contents(path)
    for index in 42..<46 { bytes[directory.lowerBound + half + index] = bytes[directory.lowerBound + index] }
    expectError(.malformed) { _ = try ZipArchive(InputFile(folder.file("c.zip", bytes))) }
  }
}
