import Glibc
import Testing

@testable import SentryFormats

@Suite struct PyTorchWriteTests {
  /// One of everything that can be written.
  static func everything() throws -> PickleValue {
    var model = PickleDictionary(isOrderedDict: true)
    model.set(.tensor(try StoredTensor([0, 0.5, -1, 3, 4, 5], shape: [2, 3])), for: "layer.weight")
    model.set(.tensor(try StoredTensor([Int64(-7)], shape: [])), for: "layer.num_batches_tracked")
    model.set(.tensor(try StoredTensor([Float](), shape: [0, 4])), for: "layer.empty")
    for dtype in DType.allCases where dtype != .f32 && dtype != .i64 {
      let bytes = [UInt8](repeating: 0, count: dtype.size) + [UInt8](repeating: 1, count: dtype.size)
      model.set(.tensor(try StoredTensor(dtype: dtype, shape: [2, 1], bytes: bytes)), for: .string("\(dtype)"))
    }
    return .dict([
      "epoch": 3.pickled, "best_val_acc": .float(0.625), "model_state_dict": .dict(model),
      "history": .dict(["loss": .list([.float(1), .float(.infinity)]), "empty": .list([]), "none": .dict([:])]),
      "integers": .list(
        [0, 255, 256, 65535, 65536, -1, 2_147_483_647, 2_147_483_648, -2_147_483_648, .min, .max].map(\.pickled)),
      "big": .bigInt([0, 0, 0, 0, 0, 0, 0, 0, 64]), "flags": .tuple([.bool(true), .bool(false), .none]),
      "betas": .tuple([.float(0.9), .float(0.999)]), "one": .tuple([1.pickled]), "no": .tuple([]),
      "four": .tuple([1.pickled, 2.pickled, 3.pickled, 4.pickled]), "bytes": .bytes([0, 255, 97]),
      "text": .string("Grüße 🙂"),
      "state": .dict([0: .dict(["step": .tensor(try StoredTensor([Float(1)], shape: []))]), 1: .none]),
    ])
  }

  @Test func roundTrip() throws {
    let folder = try TemporaryFolder()
    let value = try Self.everything()
    try PyTorchFile.write(value, to: folder.file("a.pth"))
    #expect(try describe(PyTorchFile.read(folder.file("a.pth"))) == describe(value))
    // What was read, and lies in that file, is written again.
    try PyTorchFile.write(PyTorchFile.read(folder.file("a.pth")), to: folder.file("b.pth"))
    #expect(try contents(folder.file("a.pth")) == contents(folder.file("b.pth")))
    #expect(try folder.names == ["a.pth", "b.pth"])
  }

  /// The bytes that PyTorch 2.15 was seen to read (`torchReads`); any change is to be seen there again. After that,
  /// `SENTRY_UPDATE_GOLDEN=1` writes them anew.
  @Test func golden() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.pth")
    try PyTorchFile.write(Self.everything(), to: path)
    if getenv("SENTRY_UPDATE_GOLDEN") != nil { try AtomicFile.write(contents(path), to: fixture("golden.pth")) }
    #expect(try contents(path) == contents(fixture("golden.pth")))
  }

  /// Where there is no PyTorch, the golden file stands for it.
  @Test(.enabled(if: Python.withTorch != nil, Python.missing), arguments: [UInt64(UInt32.max), 1])
  func torchReads(zip64From limit: UInt64) throws {
    let python = try #require(Python.withTorch)
    let folder = try TemporaryFolder()
    let path = folder.file("a.pth")
    try PyTorchFile.write(Self.everything(), to: path, zip64From: limit)
    let script = """
      import collections, sys, torch
      value = torch.load(sys.argv[1], weights_only=True)
      model = value["model_state_dict"]
      assert type(model) is collections.OrderedDict and list(model)[:2] == ["layer.weight", "layer.num_batches_tracked"]
      assert torch.equal(model["layer.weight"], torch.tensor([[0, 0.5, -1], [3, 4, 5]]))
      assert model["layer.num_batches_tracked"].dtype == torch.int64 and model["layer.num_batches_tracked"].item() == -7
      assert model["layer.empty"].shape == (0, 4)
      types = dict(f16=torch.float16, bf16=torch.bfloat16, f64=torch.float64, u8=torch.uint8, i8=torch.int8,
                   i16=torch.int16, i32=torch.int32, bool=torch.bool)
      for name, dtype in types.items():
        assert model[name].dtype == dtype and model[name].shape == (2, 1) and model[name][0] == 0 and model[name][1] != 0
      assert type(value) is dict and value["epoch"] == 3 and value["best_val_acc"] == 0.625
      assert value["history"] == {"loss": [1.0, float("inf")], "empty": [], "none": {}}
      assert value["integers"] == [0, 255, 256, 65535, 65536, -1, 2**31 - 1, 2**31, -2**31, -2**63, 2**63 - 1]
      assert value["big"] == 2**70 and value["flags"] == (True, False, None) and value["betas"] == (0.9, 0.999)
      assert value["one"] == (1,) and value["no"] == () and value["four"] == (1, 2, 3, 4)
      assert value["bytes"] == b"\\x00\\xffa" and value["text"] == "Grüße 🙂"
      assert value["state"][0]["step"].item() == 1 and value["state"][1] is None
      mapped = torch.load(sys.argv[1], weights_only=True, mmap=True)
      assert mapped["model_state_dict"]["layer.weight"].data_ptr() % 64 == 0
      print("read")
      """
    #expect(try Python.run(script, [path], interpreter: python) == "read\n")
  }

  @Test(.enabled(if: Python.withTorch != nil, Python.missing)) func torchLoadsTheStateDictIntoItsModule() throws {
    let python = try #require(Python.withTorch)
    let folder = try TemporaryFolder()
    let entries = try PyTorchFile.readStateDict(fixture("module_legacy.pth"))
    try PyTorchFile.writeStateDict(entries, to: folder.file("a.pth"))
    let script = """
      import sys, torch
      ours, theirs = (torch.load(path, weights_only=True) for path in sys.argv[1:])
      n = torch.nn
      n.Sequential(n.Conv2d(1, 2, 3), n.BatchNorm2d(2), n.Flatten(), n.Linear(8, 2)).load_state_dict(ours)
      print(list(ours) == list(theirs) and all(torch.equal(ours[key], theirs[key]) for key in ours))
      """
    let paths = [folder.file("a.pth"), fixture("module_zip.pth")]
    #expect(try Python.run(script, paths, interpreter: python) == "True\n")
  }

  @Test func stringsThatOnlyLookEqualStayApart() throws {
    let folder = try TemporaryFolder()
    let keys = ["\u{E9}", "e\u{301}"]
    let value = PickleValue.dict(PickleDictionary(keys.map { (.string($0), .string($0)) }))
    try PyTorchFile.write(value, to: folder.file("a.pth"))
    let read = try #require(try PyTorchFile.read(folder.file("a.pth")).dictionary)
    #expect(read.count == 2)
    for key in keys { #expect(read[key]?.string.map { Array($0.utf8) } == Array(key.utf8)) }
  }

  @Test func borrowedMemoryIsWrittenAndKept() throws {
    final class Owner: @unchecked Sendable {
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
      init() { for index in memory.indices { memory[index] = UInt8(truncatingIfNeeded: index &* 31 >> 3) } }
      deinit { memory.deallocate() }
    }
    let folder = try TemporaryFolder()
    let expected: [UInt8]
    let tensor: StoredTensor
    weak var watched: Owner?
    do {
      let owner = Owner()
      watched = owner
      expected = Array(owner.memory)
      tensor = try StoredTensor(
        dtype: .u8, shape: [1 << 20], borrowing: UnsafeRawBufferPointer(owner.memory), owner: owner)
    }
    #expect(watched != nil)
    try PyTorchFile.writeStateDict([("x", tensor)], to: folder.file("a.pth"))
    #expect(try PyTorchFile.readStateDict(folder.file("a.pth"))[0].tensor.bytes() == expected)
  }

  @Test func whatCannotBeWritten() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.pth")
    var deep = PickleValue.none
    for _ in 0..<200 { deep = .list([deep]) }
    expectError(.invalidValue, naming: path) { try PyTorchFile.write(deep, to: path) }
    expectError(.invalidValue) { try PyTorchFile.write(.bigInt([UInt8](repeating: 1, count: 300)), to: path) }
    #expect(try folder.names == [])
    expectError(.invalidValue) { _ = try StoredTensor([1, 2, 3] as [Float], shape: [2]) }
    expectError(.invalidValue) { _ = try StoredTensor(dtype: .u8, shape: [-1, -1], bytes: [1]) }
    expectError(.invalidValue) { _ = try StoredTensor(dtype: .u8, shape: [.max, 2], bytes: [1]) }
  }
}

extension Int {
  var pickled: PickleValue { .int(self) }
}
