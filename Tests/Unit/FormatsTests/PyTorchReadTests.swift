import Testing

@testable import SentryFormats

/// Both forms of torch.save, as PyTorch itself wrote them.
@Suite struct PyTorchReadTests {
  static let forms = ["zip", "legacy"]

  private func ramp(_ count: Int) -> [Float] { (0..<count).map(Float.init) }

  private func tensors(_ name: String) throws -> [String: StoredTensor] {
    let entries = try PyTorchFile.readStateDict(fixture(name))
    return Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.tensor) })
  }

  @Test(arguments: forms) func everyElementType(form: String) throws {
    let tensors = try tensors("types_\(form).pth")
    let expected: [(String, DType)] = [
      ("float16", .f16), ("bfloat16", .bf16), ("float32", .f32), ("float64", .f64), ("int8", .i8), ("int16", .i16),
      ("int32", .i32), ("int64", .i64),
    ]
    for (name, dtype) in expected {
      let tensor = try #require(tensors[name])
      #expect(tensor.dtype == dtype)
      #expect(tensor.shape == [2, 3])
      #expect(try tensor.floats() == [-2, -1, 0, 1, 2, 3])
    }
    #expect(try tensors["uint8"]?.floats() == ramp(6))
    #expect(try tensors["int16"]?.integers() == [-2, -1, 0, 1, 2, 3])
    #expect(try tensors["bool"]?.floats() == [1, 0, 1])
    #expect(tensors["scalar"]?.shape == [])
    #expect(try tensors["scalar"]?.integers() == [7])
    #expect(tensors["empty"]?.shape == [0, 4])
    #expect(try tensors["empty"]?.floats() == [])
  }

  @Test(arguments: forms) func viewsOfStorages(form: String) throws {
    let tensors = try tensors("views_\(form).pth")
    func expect(_ name: String, _ shape: [Int], _ values: [Float]) throws {
      let tensor = try #require(tensors[name])
      #expect(tensor.shape == shape)
      #expect(try tensor.floats() == values, "\(name)")
    }
    try expect("base", [4, 6], ramp(24))
    try expect("transposed", [6, 4], (0..<6).flatMap { column in (0..<4).map { Float($0 * 6 + column) } })
    try expect("rows", [2, 6], (6..<18).map(Float.init))
    try expect("block", [2, 3], [8, 9, 10, 14, 15, 16])
    try expect("stepped", [4, 3], [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22])
    try expect("expanded", [3, 4], [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
    try expect("permuted", [4, 2, 3], (0..<4).flatMap { k in (0..<6).map { Float($0 * 4 + k) } })
    try expect("channels_last", [2, 3, 2, 2], ramp(24))
    try expect("column", [1, 3], [1, 3, 5])
  }

  @Test(arguments: forms) func contiguousViewsAreNotCopied(form: String) throws {
    for name in ["base", "rows"] {
      guard case .file = try #require(tensors("views_\(form).pth")[name]).contents else {
        Issue.record("\(name) was loaded when the file was read")
        return
      }
    }
  }

  @Test(arguments: forms) func moduleKeepsItsOrder(form: String) throws {
    let entries = try PyTorchFile.readStateDict(fixture("module_\(form).pth"))
    #expect(
      entries.map(\.name) == [
        "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked",
        "3.weight", "3.bias",
      ])
    #expect(try entries[0].tensor.floats() == (0..<18).map { Float($0) / 8 })
    #expect(entries[6].tensor.dtype == .i64)
    #expect(try entries[7].tensor.floats() == (0..<16).map { Float($0) / 8 + 4 })
  }

  @Test(arguments: forms) func checkpoint(form: String) throws {
    let value = try PyTorchFile.read(fixture("checkpoint_\(form).pth"))
    #expect(value["epoch"]?.int == 12)
    #expect(value["best_val_acc"]?.double == 0.625)
    #expect(value["history"]?["train_loss"]?.elements?.compactMap(\.double) == [1.5, 1.25])
    #expect(value["history"]?["lr"]?.elements?.isEmpty == true)
    #expect(value["class_names"]?.elements?.compactMap(\.string) == ["angry", "happy"])
    #expect(value["none"]?.typeName == "None")
    guard case .bigInt(let big) = value["big"] else { throw FormatError(.invalidValue, file: "", "no big integer") }
    #expect(big == [0, 0, 0, 0, 0, 0, 0, 0, 64])
    #expect(value["negative"]?.int == -(1 << 40))
    #expect(value["bytes"]?.bytes == [0, 255] + Array("abc".utf8))
    #expect(value["size"]?.elements?.compactMap(\.int) == [1, 2])
    #expect(value["dtype"]?.string == "torch.float32")
    #expect(value["device"]?.string == "cpu")
    #expect(value["parameter"]?.tensor?.shape == [2])
    #expect(value["counter"]?.dictionary?[20]?.int == 1)
    #expect(value["set"]?.elements?.compactMap(\.int) == [1])
    #expect(value["text"]?.string == "Grüße 🙂")
    #expect(value.dictionary?[.tuple([.int(1), .string("key")])]?.bool == true)

    let optimizer = value["optimizer_state_dict"]
    let moment = optimizer?["state"]?.dictionary?[0]?["exp_avg"]?.tensor
    #expect(moment?.shape == [2, 1, 3, 3])
    #expect(try optimizer?["state"]?.dictionary?[0]?["step"]?.tensor?.floats() == [1])
    #expect(optimizer?["param_groups"]?.elements?.first?["weight_decay"]?.double == 0.01)
    #expect(optimizer?["param_groups"]?.elements?.first?["params"]?.elements?.count == 6)
    #expect(try value["model_state_dict"]?.stateDict(file: "x").count == 9)
  }

  @Test func formsAgree() throws {
    for name in ["types", "views", "module", "checkpoint"] {
      let zip = try describe(PyTorchFile.read(fixture("\(name)_zip.pth")))
      let legacy = try describe(PyTorchFile.read(fixture("\(name)_legacy.pth")))
      #expect(zip == legacy, "\(name)")
    }
  }

  @Test func filesOfOldPyTorch() throws {
    let gpu = try tensors("cuda_2018.pth")
    #expect(gpu["weight"]?.shape == [2, 2])
    #expect(try gpu["weight"]?.floats() == [0, 1, 2, 3])
    #expect(try gpu["view"]?.floats() == [1, 2])
    #expect(try tensors("python2.pth")["weight"]?.floats() == [0, 1, 2, 3])
  }

  @Test func laterProtocol() throws {
    let value = try PyTorchFile.read(fixture("protocol4.pth"))
    #expect(try value["a"]?.elements?[2].tensor?.floats() == [1, 1])
  }

  @Test func aStateDictHoldsTensors() throws {
    let path = fixture("checkpoint_zip.pth")
    expectError(.malformed, naming: "key epoch") { _ = try PyTorchFile.readStateDict(path) }
    expectError(.malformed, naming: path) { _ = try PickleValue.list([]).stateDict(file: path) }
  }
}
