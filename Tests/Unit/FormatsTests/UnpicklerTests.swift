import Testing

@testable import SentryFormats

/// What a pickle may not do, and what it may not claim.
@Suite struct UnpicklerTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func load(_ body: [UInt8], limits: PyTorchFile.Limits = PyTorchFile.Limits()) throws -> PickleValue {
    let file = try InputFile(folder.file("a.pkl", [0x80, 2] + body))
    var unpickler = Unpickler(
      PickleInput(file: file, part: "", range: 0..<file.size, limit: limits.pickleBytes), limits: limits)
    let item = try unpickler.load()
    return try PyTorchFile.values(of: item, unpickler.graph, [:], file: file, limits: limits)
  }

  /// All that pickletools knows beyond tensors and containers: classes by other ways, extension codes, out-of-band
  /// buffers, persistent ids as text, opcodes of protocol 0; and bytes that are no opcode.
  @Test func everyOtherOpcodeIsRefusedByNumber() throws {
    let others = (UInt8.min...UInt8.max).filter { PickleOpcode(rawValue: $0) == nil }
    #expect(others.count > 200)
    for opcode in others {
      let error = expectError(.refused, naming: "opcode 0x\(String(opcode, radix: 16)) ") { _ = try load([opcode]) }
      #expect(error?.place == "byte 3")
    }
  }

  @Test(arguments: [
    "builtins.eval", "builtins.getattr", "os.system", "subprocess.Popen", "torch.load",
    "torch.storage._load_from_bytes", "torch.jit._unpickler.restore_type_tag", "numpy.core.multiarray._reconstruct",
    "__builtin__.apply", "pickle.loads",
    "collections.OrderedDict.fromkeys", "torch.float32.__class__",
  ])
  func everyOtherNameIsRefusedAsItStands(name: String) throws {
    let dot = try #require(name.lastIndex(of: "."))
    let (module, function) = (Array(name[..<dot].utf8), Array(name[dot...].dropFirst().utf8))
    expectError(.refused, naming: "asks for \(name);") {
      _ = try load(Array("c".utf8) + module + [0x0A] + function + [0x0A, 0x2E])
    }
    // The way of protocol 4, where a name may have dots of its own.
    let texts: [UInt8] = [module, function].flatMap { (text: [UInt8]) -> [UInt8] in [0x8C, UInt8(text.count)] + text }
    expectError(.refused, naming: "asks for \(name);") { _ = try load(texts + [0x93, 0x2E]) }
  }

  @Test func theStateOfAnObjectIsRefused() throws {
    expectError(.refused, naming: "sets the state of an object") { _ = try load(Array("}}b.".utf8)) }
    expectError(.malformed) { _ = try load(Array("NNR.".utf8)) }
    expectError(.unsupported, naming: "a class where a value") {
      _ = try load(Array("ccollections\nOrderedDict\n.".utf8))
    }
  }

  /// A length of 2^62 and a few bytes behind it: refused before any memory is taken.
  @Test(arguments: [0x8D, 0x8E, 0x96] as [UInt8]) func absurdLengthsTakeNoMemory(opcode: UInt8) {
    expectError(.truncated) { _ = try load([opcode, 0, 0, 0, 0, 0, 0, 0, 0x40] + Array("abc.".utf8)) }
    expectError(.truncated) { _ = try load([opcode] + [UInt8](repeating: 0xFF, count: 8) + Array("abc.".utf8)) }
  }

  @Test func cyclesAreRefused() {
    // A list, a dictionary and a tuple that hold themselves; q puts into the memo, h takes out.
    for body in ["]q\u{0}h\u{0}a.", "}q\u{0}Nh\u{0}s.", "]q\u{0}(h\u{0}tq\u{1}a."] {
      expectError(.unsupported, naming: "contains itself") { _ = try load(Array(body.utf8)) }
    }
  }

  @Test func depthIsBounded() throws {
    func nested(_ depth: Int) -> [UInt8] {
      [UInt8](repeating: 0x5D, count: depth) + [UInt8](repeating: 0x61, count: depth - 1) + [0x2E]
    }
    _ = try load(nested(100))
    expectError(.tooLarge, naming: "nested more than 100 deep") { _ = try load(nested(101)) }
    expectError(.tooLarge, naming: "nested") { _ = try load(nested(1_000_000)) }
  }

  /// Equal bits are one key, also where a number is not equal to itself; strings are equal by their bytes, and so are
  /// their hashes: a thousand ways to write the same accents would otherwise share one.
  @Test func keysAreFoundAgain() {
    typealias Key = PickleDictionary.Key
    var dictionary = PickleDictionary()
    for _ in 0..<3 { dictionary.set(.none, for: .float(.nan)) }
    #expect(dictionary.count == 1 && dictionary[.float(.nan)] != nil)
    #expect(Key.float(0) == .float(-0.0) && Key.float(0).hashValue == Key.float(-0.0).hashValue)
    let (composed, decomposed) = (Key.string("\u{E9}"), Key.string("e\u{301}"))
    #expect(composed != decomposed && composed.hashValue != decomposed.hashValue)
    for key: Key in [.string("a"), .int(1), .bool(true), .none, .tuple([.int(1), .string("b")]), .tuple([])] {
      dictionary.set(.bool(true), for: key)
      #expect(dictionary[key]?.bool == true)
    }
  }
}
