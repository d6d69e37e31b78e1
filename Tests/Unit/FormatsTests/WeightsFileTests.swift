import Testing

@testable import SentryFormats

/// The places and names under which people keep weights.
@Suite struct WeightsFileTests {
  private let folder: TemporaryFolder
  private let names = ["stem.weight", "layer.module_list.0.bias", "head.weight"]

  init() throws { folder = try TemporaryFolder() }

  private func tensors(_ prefix: String = "", _ first: Float = 1) throws -> [(name: String, tensor: StoredTensor)] {
    try names.enumerated().map { (prefix + $1, try StoredTensor([first + Float($0)], shape: [1])) }
  }

  private func file(_ value: PickleValue, _ name: String = "w.pth") throws -> WeightsFile {
    try PyTorchFile.write(value, to: folder.file(name))
    return try WeightsFile(folder.file(name))
  }

  private func expectWhole(_ match: WeightsFile.Match) throws {
    #expect(match.missing.isEmpty)
    for (index, name) in names.enumerated() {
      #expect(try match.tensors[name]?.floats() == [Float(1 + index)], "\(name)")
    }
  }

  @Test(arguments: [
    [], ["model_state_dict"], ["state_dict"], ["model"], ["net"], ["weights"], ["ema_weights"],
    ["model", "state_dict"],
  ])
  func stateDictsAreFoundWhereTheyLie(place: [String]) throws {
    let state = PickleValue.stateDict(try tensors())
    let value = place.reversed().reduce(state) { inner, key in
      .dict(PickleDictionary([(.string("epoch"), .int(3)), (.string(key), inner)]))
    }
    let file = try file(value)
    #expect(file.place == place)
    try expectWhole(file.matched(to: names))
  }

  @Test(arguments: [
    "module.", "_orig_mod.", "model.", "net.", "model._orig_mod.", "module._orig_mod.", "backbone.",
    "encoder.backbone.", "module.densenet121.",
  ])
  func prefixesAreLeftOut(prefix: String) throws {
    let match = try file(.stateDict(try tensors(prefix))).matched(to: names)
    try expectWhole(match)
    #expect(match.extra.isEmpty)
  }

  @Test func safetensorsAreReadTheSameWay() throws {
    try SafetensorsFile(tensors: tensors("module.")).write(to: folder.file("w.safetensors"))
    let file = try WeightsFile(folder.file("w.safetensors"))
    #expect(file.format == .safetensors)
    try expectWhole(file.matched(to: names))
  }

  @Test func whatIsLeftOverIsNamed() throws {
    let extra = ("criterion.weight", try StoredTensor([Float(9)], shape: [1]))
    let match = try file(.stateDict(try tensors("model.") + [extra])).matched(to: names)
    try expectWhole(match)
    #expect(match.extra == ["criterion.weight"] && match.prefix == "model.")
    let half = try file(.stateDict(Array(try tensors()[..<2]))).matched(to: names)
    #expect(half.missing == ["head.weight"])
  }

  /// A file with two copies: the one that is trained, not its average, and none is mixed from both.
  @Test func oneOfTwoCopiesIsTaken() throws {
    let both = try tensors("ema.", 10) + tensors("model.")
    try expectWhole(try file(.stateDict(both)).matched(to: names))
    let keyed: PickleValue = .dict([
      "ema": .stateDict(try tensors("", 10)), "model": .stateDict(try tensors()),
    ])
    try expectWhole(try file(keyed).matched(to: names))
    let unknown: PickleValue = .dict(["a": .stateDict(try tensors()), "b": .stateDict(try tensors())])
    let error = #expect(throws: FormatError.self) { try file(unknown) }
    #expect(error?.detail == "holds several state dicts, under a, b")
  }

  @Test func theSpellingOfBefore2018IsRead() throws {
    let ours = [
      "denseblock1.denselayer1.norm1.weight", "denseblock1.denselayer1.conv2.weight",
      "denseblock1.denselayer1.norm1.num_batches_tracked",
    ]
    let theirs = ["denseblock1.denselayer1.norm.1.weight", "denseblock1.denselayer1.conv.2.weight"]
    let state = try theirs.map { ("module.densenet121.features." + $0, try StoredTensor([Float(1)], shape: [1])) }
    let match = try file(.dict(["state_dict": .stateDict(state)])).matched(to: ours)
    #expect(match.missing.isEmpty && match.tensors.count == 2)
  }

  @Test func aFileWithoutWeightsSaysWhatItHas() throws {
    let error = #expect(throws: FormatError.self) { try file(.dict(["epoch": .int(1), "lr": .float(0.1)])) }
    #expect(error?.detail == "holds no state dict; its keys are epoch, lr")
    #expect(throws: FormatError.self) { try file(.list([.int(1)])) }
    let mixed: PickleValue = .dict(["w": .tensor(try StoredTensor([Float(1)], shape: [1])), "epoch": .int(1)])
    let named = #expect(throws: FormatError.self) { try file(mixed) }
    #expect(named?.place == "key epoch")
  }

  @Test(.enabled(if: Python.withTorch != nil, Python.missing)) func torchScriptIsCalledByItsName() throws {
    let path = folder.file("script.pth")
    let script = "import sys, torch\ntorch.jit.trace(torch.nn.Linear(2, 2), torch.zeros(1, 2)).save(sys.argv[1])"
    #expect(try Python.run(script, [path], interpreter: try #require(Python.withTorch)) == "")
    let error = #expect(throws: FormatError.self) { try WeightsFile(path) }
    #expect(error?.detail.contains("TorchScript") == true, "\(String(describing: error))")
  }
}
