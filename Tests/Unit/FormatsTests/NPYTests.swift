import Testing

@testable import SentryFormats

@Suite struct NPYTests {
  static let types: [(String, DType)] = [
    ("f2", .f16), ("f4", .f32), ("f8", .f64), ("i1", .i8), ("i2", .i16), ("i4", .i32), ("i8", .i64), ("u1", .u8),
    ("u2", .i32), ("u4", .i64), ("b1", .bool),
  ]

  @Test(arguments: types, ["", "_fortran", "_big"])
  func typesAndOrders(type: (name: String, dtype: DType), variant: String) throws {
    let tensor = try NPYFile.read(fixture("\(type.name)\(variant).npy"))
    #expect(tensor.dtype == type.dtype)
    #expect(tensor.shape == [2, 3])
    #expect(try tensor.floats() == (type.name == "b1" ? [0, 1, 1, 1, 1, 1] : [0, 1, 2, 3, 4, 5]))
  }

  @Test func shapesAndVersions() throws {
    #expect(try NPYFile.read(fixture("scalar.npy")).shape == [])
    #expect(try NPYFile.read(fixture("scalar.npy")).floats() == [3])
    #expect(try NPYFile.read(fixture("vector.npy")).shape == [3])
    #expect(try NPYFile.read(fixture("empty.npy")).shape == [0, 3])
    #expect(try NPYFile.read(fixture("cube_fortran_big.npy")).shape == [2, 3, 4])
    #expect(try NPYFile.read(fixture("cube_fortran_big.npy")).floats() == (0..<24).map(Float.init))
    for version in 2...3 {
      #expect(try NPYFile.read(fixture("version\(version).npy")).floats() == [0, 1, 2, 3, 4, 5])
    }
  }

  @Test(arguments: ["object", "structured", "unicode", "complex", "uint64"])
  func otherElementsAreRefused(name: String) {
    expectError(.unsupported, naming: "\(name).npy") { _ = try NPYFile.read(fixture("\(name).npy")) }
  }

  @Test func theOnlyElementAsText() throws {
    #expect(try NPYFile.onlyElement(of: fixture("scalar.npy")) == "3")
    #expect(try NPYFile.onlyElement(of: fixture("text_U.npy")) == "6")
    #expect(try NPYFile.onlyElement(of: fixture("text_U_big.npy")) == "é7")
    #expect(try NPYFile.onlyElement(of: fixture("text_S.npy")) == "10")
    #expect(try NPYFile.onlyElement(of: fixture("fraction.npy")) == "0.5")
    expectError(.malformed, naming: "vector.npy") { _ = try NPYFile.onlyElement(of: fixture("vector.npy")) }
    #expect(try NPYFile.onlyElement(of: fixture("unicode.npy")) == "abc")
    expectError(.malformed, naming: "empty.npy") { _ = try NPYFile.onlyElement(of: fixture("empty.npy")) }
    let folder = try TemporaryFolder()
    for type in ["<U0", "<U99999", "<U", "|U-1", "U1"] {
      let path = try file(folder, "{'descr':'\(type)','fortran_order':False,'shape':()}\n", data: 4)
      #expect(throws: FormatError.self) { try NPYFile.onlyElement(of: path) }
    }
    let surrogate = try file(folder, "{'descr':'<U1','fortran_order':False,'shape':()}\n")
    let bytes = try contents(surrogate) + [0, 0xD8, 0, 0]
    expectError(.malformed, naming: "b.npy") { _ = try NPYFile.onlyElement(of: folder.file("b.npy", bytes)) }
  }

  /// NumPy's own bytes for the same arrays.
  @Test(arguments: ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "b1", "scalar", "vector", "empty"])
  func writesAsNumPyDoes(name: String) throws {
    let folder = try TemporaryFolder()
    try NPYFile.write(NPYFile.read(fixture("\(name).npy")), to: folder.file("a.npy"))
    #expect(try contents(folder.file("a.npy")) == contents(fixture("\(name).npy")))
  }

  @Test func whatCannotBeWritten() throws {
    let folder = try TemporaryFolder()
    let tensor = try StoredTensor(dtype: .bf16, shape: [1], bytes: [0, 0])
    expectError(.invalidValue, naming: "a.npy") { try NPYFile.write(tensor, to: folder.file("a.npy")) }
  }

  private func file(_ folder: TemporaryFolder, _ header: String, data: Int = 0) throws -> String {
    let bytes = NPYFile.magic + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
    return try folder.file("a.npy", bytes + [UInt8](repeating: 0, count: data))
  }

  @Test func headersInOtherWords() throws {
    let folder = try TemporaryFolder()
    for header in [
      "{\"shape\":(2L,),\"descr\":\"<f4\",\"fortran_order\":False}",
      "{'descr':'<f4','shape':(1,2),'fortran_order':True}\n",
    ] {
      #expect(try NPYFile.read(file(folder, header, data: 8)).count == 2)
    }
  }

  @Test(arguments: [
    "", "{}", "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}", "{'descr': '<f4', 'shape': (2,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x", "{'descr': '<f4', 'fortran_order': 1, 'shape': (2,)}",
    "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", "{'descr': '<f4", "{'descr': '<f4', 'fortran_order': ",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
  ])
  func badHeaders(header: String) throws {
    let folder = try TemporaryFolder()
    let path = try file(folder, header, data: 8)
    expectError(.malformed, naming: path) { _ = try NPYFile.read(path) }
  }

  @Test func badTypes() throws {
    let folder = try TemporaryFolder()
    for type in ["f4", "=f4", "|f4", "<f16", "<V4", ""] {
      let path = try file(folder, "{'descr': '\(type)', 'fortran_order': False, 'shape': (1,)}", data: 4)
      expectError(.unsupported, naming: path) { _ = try NPYFile.read(path) }
    }
  }

  @Test(arguments: ["f4.npy", "version2.npy", "f4_fortran.npy"]) func truncatedAnywhere(name: String) throws {
    let folder = try TemporaryFolder()
    let bytes = try contents(fixture(name))
    for length in 0..<bytes.count {
      let path = try folder.file("cut.npy", Array(bytes[..<length]))
      #expect(throws: FormatError.self, "\(length) bytes") { _ = try NPYFile.read(path) }
    }
    expectError(.truncated) { _ = try NPYFile.read(folder.file("cut.npy", Array(bytes.dropLast()))) }
    expectError(.malformed, naming: "1 bytes more") { _ = try NPYFile.read(folder.file("long.npy", bytes + [0])) }
  }

  @Test func mutationsNeverTrap() throws {
    let folder = try TemporaryFolder()
    var generator = SplitMix64(seed: 5)
    for name in ["f4_fortran.npy", "cube_fortran_big.npy", "version3.npy"] {
      let original = try contents(fixture(name))
      for _ in 0..<1000 {
        var bytes = original
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
          bytes[Int.random(in: 0..<90, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        }
        do { _ = try describe(.tensor(NPYFile.read(folder.file("m.npy", bytes)))) } catch is FormatError {}
      }
    }
  }
}
