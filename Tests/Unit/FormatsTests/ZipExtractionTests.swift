import FoundationEssentials
import Glibc
import Testing

@testable import SentryFormats

/// Archives as Python's zipfile writes them, honest and hostile.
@Suite(.enabled(if: access("/usr/bin/python3", X_OK) == 0, "no python3"))
struct ZipExtractionTests {
  /// Runs Python with `z` a ZipFile open for writing.
  private func archive(_ folder: TemporaryFolder, _ lines: String, deflate: Bool = true) throws -> String {
    let path = folder.file("a.zip")
    let script = """
      import sys, zipfile
      z = zipfile.ZipFile(sys.argv[1], "w", zipfile.\(deflate ? "ZIP_DEFLATED" : "ZIP_STORED"))
      \(lines)
      z.close()
      """
    _ = try #require(try Python.run(script, [path]))
    return path
  }

  private func target(_ folder: TemporaryFolder) -> String {
    mkdir(folder.file("out"), 0o777)
    return folder.file("out")
  }

  @Test(arguments: [true, false]) func filesAndFoldersAreUnpacked(deflate: Bool) throws {
    let folder = try TemporaryFolder()
    let path = try archive(
      folder,
      "z.writestr('a/b.txt', 'hello' * 100000); z.mkdir('empty') if hasattr(z, 'mkdir') else z.writestr('empty/', ''); z.writestr('c', '')",
      deflate: deflate)
    #expect(ZipExtraction.isZip(path) && !ZipExtraction.isZip(fixture("f4.npy")) && !ZipExtraction.isZip(folder.path))
    let out = target(folder)
    var last = 0
    try ZipExtraction.extract(path, to: out) { done, total in
      #expect(done > last && done <= total && total == 500_000)
      last = done
    }
    #expect(try contents("\(out)/a/b.txt") == Array(String(repeating: "hello", count: 100_000).utf8))
    #expect(try contents("\(out)/c") == [])
    #expect(try FileManager.default.contentsOfDirectory(atPath: out).sorted() == ["a", "c", "empty"])
  }

  @Test(arguments: [
    ("z.writestr('../evil', 'x')", "../evil: the entry's path leads out of the folder"),
    ("z.writestr('a/../../evil', 'x')", "leads out of the folder"),
    ("z.writestr('/tmp/evil', 'x')", "/tmp/evil: the entry's path is absolute"),
    ("z.writestr('a\\\\evil', 'x')", "contains a character that is not allowed"),
    (
      "i = zipfile.ZipInfo('link'); i.create_system = 3; i.external_attr = 0o120777 << 16; z.writestr(i, '/etc/passwd')",
      "link: the entry is a symbolic link"
    ),
    ("z.writestr('./', 'x')", "no usable name"),
  ]) func whatLeadsOutIsRefusedBeforeAnythingIsWritten(lines: String, text: String) throws {
    let folder = try TemporaryFolder()
    let path = try archive(folder, "z.writestr('good', 'x'); " + lines)
    let out = target(folder)
    expectError(.refused, naming: text) { try ZipExtraction.extract(path, to: out) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: out) == [])
    #expect(access(folder.file("evil"), F_OK) != 0)
  }

  @Test func bombsAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = try archive(folder, "z.writestr('zeros', bytes(60_000_000))")
    let out = target(folder)
    expectError(.tooLarge, naming: "no real data compress so far") {
      try ZipExtraction.extract(
        path, to: out,
        limits: {
          var l = ZipExtraction.Limits(); l.ratio = 100; return l
        }())
    }
    expectError(.tooLarge, naming: "more than 1000 bytes") {
      try ZipExtraction.extract(
        path, to: out,
        limits: {
          var l = ZipExtraction.Limits(); l.bytes = 1000; return l
        }())
    }
    expectError(.tooLarge, naming: "1 entries, more than 0") {
      try ZipExtraction.extract(
        path, to: out,
        limits: {
          var l = ZipExtraction.Limits(); l.entries = 0; return l
        }())
    }
  }

  /// The directory says 10 bytes, the stream has a thousand: nothing beyond the ten is written.
  @Test func aStreamThatHoldsMoreThanItSaysIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = try archive(folder, "z.writestr('x', 'y' * 1000)")
    var bytes = try contents(path)
    for position in bytes.indices.dropLast(4) {
      let isLocal = Array(bytes[position..<position + 4]) == [0x50, 0x4B, 3, 4]
      let isDirectory = Array(bytes[position..<position + 4]) == [0x50, 0x4B, 1, 2]
      guard isLocal || isDirectory else { continue }
      let size = position + (isLocal ? 22 : 24)
      (bytes[size], bytes[size + 1]) = (10, 0)
    }
    let lying = try folder.file("b.zip", bytes)
    let out = target(folder)
    expectError(.malformed, naming: "x: the entry contains more data than it states") {
      try ZipExtraction.extract(lying, to: out)
    }
  }

  /// Every byte in turn is damaged: an error or the right contents, and never a crash or a file outside.
  @Test func damagedArchivesAreRefusedOrRead() throws {
    let folder = try TemporaryFolder()
    let path = try archive(folder, "z.writestr('a/b', 'hello' * 20); z.writestr('c', 'x')")
    let original = try contents(path)
    for position in original.indices {
      for value: UInt8 in [0, 0x2F, 0x7F, 0xFF] {
        var bytes = original
        bytes[position] = value
        let out = target(folder)
        do {
          try ZipExtraction.extract(folder.file("m.zip", bytes), to: out)
        } catch is FormatError {}
        try FileManager.default.removeItem(atPath: out)
      }
    }
    #expect(try folder.names == ["a.zip", "m.zip"])
  }

  @Test func encryptedAndUnknownMethodsAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.zip")
    _ = try #require(
      try Python.run(
        "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_BZIP2); z.writestr('x', 'y'); z.close()",
        [path]))
    expectError(.unsupported, naming: "another method than deflate (number 12)") {
      try ZipExtraction.extract(path, to: target(folder))
    }
  }
}
