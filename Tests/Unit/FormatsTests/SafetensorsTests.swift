import SentryTestSupport
import Testing

@testable import SentryFormats

/// Hugging Face's safetensors: https://github.com/huggingface/safetensors#format.
@Suite struct SafetensorsTests {
  private func file(_ folder: TemporaryFolder, _ header: String, data: Int = 0, length: UInt64? = nil) throws -> String
  {
    let bytes = Array(header.utf8)
    let opening = withUnsafeBytes(of: (length ?? UInt64(bytes.count)).littleEndian) { [UInt8]($0) }
    return try folder.file("x.safetensors", opening + bytes + (0..<data).map { UInt8(truncatingIfNeeded: $0) })
  }

  private static let one = #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}"#

  @Test func theFormatsOwnExample() throws {
    let folder = try TemporaryFolder()
    let header = #"""
      {"__metadata__":{"made":"by hand"},"b":{"dtype":"F32","shape":[1,2],"data_offsets":[2,10]},
       "a":{"dtype":"F16","shape":[],"data_offsets":[0,2]}}   
      """#
    let path = try file(folder, header, data: 10)
    #expect(SafetensorsFile.recognises(path))
    let read = try SafetensorsFile.read(path)
    #expect(read.metadata == ["made": "by hand"])
    #expect(read.tensors.map(\.name) == ["a", "b"])
    #expect(read.tensors.map(\.tensor.shape) == [[], [1, 2]])
    #expect(try read.tensors[1].tensor.bytes() == Array(2..<10))
  }

  @Test func whatIsWrittenIsReadAndAligned() throws {
    let folder = try TemporaryFolder()
    let tensors: [(name: String, tensor: StoredTensor)] = try DType.allCases.map { dtype in
      ("t.\(dtype)", try StoredTensor(dtype: dtype, shape: [3, 1], bytes: (0..<3 * dtype.size).map { UInt8($0 & 1) }))
    }
    let text = "quotes \" and \\ and / and é and \n"
    try SafetensorsFile(tensors: tensors, metadata: ["about": text]).write(to: folder.file("w"))
    let read = try SafetensorsFile.read(folder.file("w"))
    #expect(read.metadata == ["about": text])
    #expect(read.tensors.count == tensors.count)
    var (offset, sizes) = (0, [Int]())
    for (name, tensor) in read.tensors {
      let original = try #require(tensors.first { $0.name == name }?.tensor)
      #expect(tensor.dtype == original.dtype && tensor.shape == original.shape)
      #expect(try tensor.bytes() == original.bytes())
      #expect(offset % tensor.dtype.size == 0)
      offset += tensor.byteCount
      sizes.append(tensor.dtype.size)
    }
    #expect(sizes == sizes.sorted(by: >))
    let bytes = try contents(folder.file("w"))
    try SafetensorsFile(tensors: tensors.reversed(), metadata: ["about": text]).write(to: folder.file("v"))
    #expect(try contents(folder.file("v")) == bytes)
  }

  @Test(arguments: [
    (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#, 3, FormatError.Code.malformed),
    (
      #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#, 3,
      .malformed
    ),
    (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, 3, .malformed),
    (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, 1, .truncated),
    (#"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,2]}}"#, 2, .malformed),
    (#"{"a":{"dtype":"U8","shape":[-2],"data_offsets":[0,2]}}"#, 2, .malformed),
    (#"{"a":{"dtype":"U8","shape":[9223372036854775807,3],"data_offsets":[0,2]}}"#, 2, .malformed),
    (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}}"#, 2, .malformed),
    (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[-1,1]}}"#, 2, .malformed),
    (#"{"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}"#, 2, .unsupported),
    (#"{"a":{"x":"y"}}"#, 0, .malformed), (#"{"a":1}"#, 0, .malformed), (#"{"a""#, 0, .malformed),
    ("[]", 0, .malformed),
  ])
  func whatIsNoSafetensors(header: String, data: Int, code: FormatError.Code) throws {
    let folder = try TemporaryFolder()
    let path = try file(folder, header, data: data)
    expectError(code, naming: "x.safetensors") { _ = try SafetensorsFile.read(path) }
  }

  @Test func absurdLengthsTakeNoMemory() throws {
    let folder = try TemporaryFolder()
    for length in [UInt64.max, 1 << 40, 100_000_001, 50_000_000] {
      let path = try file(folder, Self.one + "}", data: 2, length: length)
      #expect(throws: FormatError.self) { _ = try SafetensorsFile.read(path) }
      #expect(!SafetensorsFile.recognises(path))
    }
  }

  @Test func truncatedAnywhereAndMutatedNeverTraps() throws {
    let folder = try TemporaryFolder()
    let whole = try contents(file(folder, Self.one + #","__metadata__":{"k":"v"}}"#, data: 2))
    for length in 0..<whole.count {
      let path = try folder.file("cut", Array(whole[..<length]))
      #expect(throws: FormatError.self, "\(length) bytes") { _ = try SafetensorsFile.read(path) }
    }
    var generator = SplitMix64(seed: 7)
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      let path = try folder.file("mutated", bytes)
      do {
        for (_, tensor) in try SafetensorsFile.read(path).tensors { _ = try tensor.floats() }
      } catch is FormatError {}
    }
  }

  @Test func twoTensorsOfOneNameAreNotWritten() throws {
    let folder = try TemporaryFolder()
    let tensor = try StoredTensor([Float](), shape: [0])
    expectError(.invalidValue, naming: "a") {
      try SafetensorsFile(tensors: [("a", tensor), ("a", tensor)]).write(to: folder.file("w"))
    }
    expectError(.invalidValue) { try SafetensorsFile(tensors: [("__metadata__", tensor)]).write(to: folder.file("w")) }
    #expect(try folder.names.isEmpty)
  }

  /// The reference implementation reads ours and we read its.
  @Test(.enabled(if: Python.withTorch != nil, Python.missing)) func theReferenceImplementationAgrees() throws {
    let folder = try TemporaryFolder()
    let ours = try StoredTensor((0..<6).map(Float.init), shape: [2, 3])
    try SafetensorsFile(
      tensors: [("w", ours), ("n", StoredTensor([7 as Int64], shape: []))], metadata: ["sentry": "{}"]
    ).write(to: folder.file("ours"))
    let script = """
      import sys, torch
      from safetensors import safe_open
      from safetensors.torch import load_file, save_file
      t = load_file(sys.argv[1])
      with safe_open(sys.argv[1], "pt") as f: assert f.metadata() == {"sentry": "{}"}, f.metadata()
      assert t["w"].tolist() == [[0, 1, 2], [3, 4, 5]] and t["n"].item() == 7 and t["n"].dtype == torch.int64
      save_file({"h": torch.arange(4).to(torch.float16), "b": torch.tensor([1.5], dtype=torch.bfloat16),
                 "t": torch.tensor([True, False])}, sys.argv[2], {"k": "é"})
      print("agrees")
      """
    let answer = try Python.run(
      script, [folder.file("ours"), folder.file("theirs")], interpreter: try #require(Python.withTorch))
    #expect(answer == "agrees\n")
    let theirs = try SafetensorsFile.read(folder.file("theirs"))
    let values = try Dictionary(uniqueKeysWithValues: theirs.tensors.map { ($0.name, try $0.tensor.floats()) })
    #expect(values == ["h": [0, 1, 2, 3], "b": [1.5], "t": [1, 0]])
    #expect(theirs.metadata == ["k": "é"])
  }

  /// Headers that take many times their own memory to decode.
  @Test func headersHaveLimits() throws {
    let folder = try TemporaryFolder()
    let entry = #""x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"#
    let many = try file(folder, "{" + String(repeating: entry, count: 100_001) + #""y":{}}"#)
    expectError(.tooLarge, naming: "x.safetensors") { _ = try SafetensorsFile.read(many) }
    let deep = try file(folder, #"{"a":"# + String(repeating: "[", count: 100_000) + "}")
    expectError(.malformed, naming: "x.safetensors") { _ = try SafetensorsFile.read(deep) }
    let long = try file(folder, #"{"__metadata__":{"k":""# + String(repeating: "v", count: 17_000_000) + #""}}"#)
    #expect(!SafetensorsFile.recognises(long))
    expectError(.malformed, naming: "x.safetensors") { _ = try SafetensorsFile.read(long) }
  }
}
