import Testing

@testable import SentryFormats

/// Files that are damaged, or made to do harm.
@Suite struct PyTorchHostileTests {
  @Test(arguments: [
    ("shell_zip.pth", "posix.system"), ("shell_legacy.pth", "posix.system"),
    ("whole_module_zip.pth", "torch.nn.modules.container.Sequential"), ("complex.pth", "torch.ComplexFloatStorage"),
  ])
  func codeIsRefusedByName(name: String, global: String) {
    let error = expectError(.refused, naming: global) { _ = try PyTorchFile.read(fixture(name)) }
    #expect(error?.file == fixture(name))
    #expect(error?.hint?.contains("state_dict") == true)
  }

  @Test(arguments: [
    ("stride_bomb.pth", FormatError.Code.tooLarge), ("overflow_bomb.pth", .malformed), ("laughs.pth", .tooLarge),
    ("cycle.pth", .unsupported), ("deep.pth", .tooLarge), ("big_endian.pth", .unsupported),
    ("compressed.pth", .unsupported), ("no_pickle.pth", .malformed), ("vector.npy", .malformed),
    ("make_fixtures.py", .malformed), ("wide_part.pth", .malformed), ("long_strides.pth", .malformed),
    ("long_key.pth", .unsupported),
  ])
  func whatIsNoCheckpoint(name: String, code: FormatError.Code) {
    expectError(code, naming: name) { _ = try PyTorchFile.read(fixture(name)) }
  }

  @Test func missingAndEmpty() throws {
    let folder = try TemporaryFolder()
    expectError(.cannotOpen, naming: "missing.pth") { _ = try PyTorchFile.read(folder.file("missing.pth")) }
    expectError(.cannotOpen, naming: folder.path) { _ = try PyTorchFile.read(folder.path) }
    expectError(.truncated, naming: "empty.pth") { _ = try PyTorchFile.read(folder.file("empty.pth", [])) }
  }

  @Test(arguments: ["types", "views", "module"].flatMap { ["\($0)_zip.pth", "\($0)_legacy.pth"] })
  func truncatedAnywhere(name: String) throws {
    let folder = try TemporaryFolder()
    let bytes = try contents(fixture(name))
    for length in 0..<bytes.count {
      let path = try folder.file("cut.pth", Array(bytes[..<length]))
      #expect(throws: FormatError.self, "\(length) bytes") { _ = try PyTorchFile.read(path) }
    }
  }

  @Test func anyChangedDataByteIsNoticed() throws {
    let folder = try TemporaryFolder()
    var bytes = try contents(fixture("views_zip.pth"))
    let data = try #require(ZipArchive(InputFile(fixture("views_zip.pth")))["views_zip/data/0"]).data
    bytes[data.offset + 5] ^= 1
    let path = try folder.file("flipped.pth", bytes)
    expectError(.checksum, naming: "data/0") { _ = try PyTorchFile.read(path) }
  }

  /// A wrong checksum in the directory, for the description and for the data.
  @Test func wrongChecksumsAreNamed() throws {
    let folder = try TemporaryFolder()
    let original = try contents(fixture("views_zip.pth"))
    let archive = try ZipArchive(InputFile(fixture("views_zip.pth")))
    var position = try ZipArchive.findDirectory(InputFile(fixture("views_zip.pth"))).range.lowerBound
    var refused = 0
    for entry in archive.entries {
      var bytes = original
      bytes[position + 16] ^= 1
      let path = try folder.file("crc.pth", bytes)
      if entry.name.hasSuffix("data.pkl") || entry.name.contains("/data/") {
        expectError(.checksum, naming: entry.name) { _ = try PyTorchFile.read(path) }
        refused += 1
      }
      let fields = LittleEndian(bytes: original)
      let lengths = try [28, 30, 32].map { try #require(fields.u16(position + $0)) }
      position += lengths.reduce(ZipLayout.directoryHeaderSize, +)
    }
    #expect(refused > 1)
  }

  /// Mutations that keep the checksum right reach the unpickler: the legacy form has none.
  @Test(arguments: [
    "checkpoint_legacy.pth", "views_legacy.pth", "cuda_2018.pth", "views_zip.pth", "checkpoint_zip.pth",
  ])
  func mutationsNeverTrap(name: String) throws {
    let folder = try TemporaryFolder()
    let original = try contents(fixture(name))
    var generator = SplitMix64(seed: 2024)
    var read = 0
    var limits = PyTorchFile.Limits()
    limits.copiedBytes = 1 << 20
    for _ in 0..<1500 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let position = Int.random(in: bytes.indices, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[position] = UInt8.random(in: 0...255, using: &generator)
        case 2: bytes[position] = [0x00, 0x7F, 0x80, 0xFF].randomElement(using: &generator) ?? 0
        default: bytes.remove(at: position)
        }
      }
      let path = try folder.file("mutant.pth", bytes)
      do {
        _ = try describe(PyTorchFile.read(path, limits: limits))
        read += 1
      } catch let error as FormatError {
        #expect(error.file == path, "\(error)")
      }
    }
    // A loop that refuses the original, too, would prove nothing.
    #expect(read > 0)
  }

  /// As the mutations, with the pickle's checksum made right again.
  @Test func mutatedPicklesNeverTrap() throws {
    let folder = try TemporaryFolder()
    let archive = try ZipArchive(InputFile(fixture("checkpoint_zip.pth")))
    let entry = try #require(archive["checkpoint_zip/data.pkl"])
    let pickle = try entry.data.load()
    var generator = SplitMix64(seed: 7)
    for _ in 0..<3000 {
      var bytes = pickle
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      let file = try InputFile(folder.file("mutant.pkl", bytes))
      var unpickler = Unpickler(
        PickleInput(file: file, part: "", range: 0..<file.size, limit: 1 << 20), limits: PyTorchFile.Limits())
      do {
        let item = try unpickler.load()
        _ = try PyTorchFile.values(of: item, unpickler.graph, [:], file: file, limits: PyTorchFile.Limits())
      } catch is FormatError {}
    }
  }

  @Test func limitsHold() throws {
    var limits = PyTorchFile.Limits()
    limits.pickleBytes = 100
    expectError(.tooLarge) { _ = try PyTorchFile.read(fixture("module_zip.pth"), limits: limits) }
    limits = PyTorchFile.Limits()
    limits.items = 50
    expectError(.tooLarge) { _ = try PyTorchFile.read(fixture("module_zip.pth"), limits: limits) }
    limits = PyTorchFile.Limits()
    limits.copiedBytes = 10
    expectError(.tooLarge) { _ = try PyTorchFile.read(fixture("views_zip.pth"), limits: limits) }
  }
}
