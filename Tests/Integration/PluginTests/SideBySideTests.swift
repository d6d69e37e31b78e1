import CSentryPlugin
import Foundation
import SentryPluginAPI
import Testing
@testable import SentryRuntime

/// Two Swift plugins with their own copies of SentryPluginAPI, one with a standard library of its own and one in C, in one
/// process.
@Suite(.serialized) struct SideBySideTests {
  private func registry(_ shop: Workshop) throws -> Registry {
    for product in ["TestPluginToyA", "TestPluginToyB", "TestPluginStatic"] { try shop.take(product) }
    try shop.compile("dataset_c.c")
    return Registry(shop.discover())
  }

  private func plan(_ registry: Registry, dataset: String, tasks: JSONValue) throws -> RunPlan {
    RunPlan(
      recipe: try registry.recipe("toy"), command: [], run: RunOptions(output: "unused"),
      dataset: try registry.choice(
        try registry.entry(.dataset, dataset),
        options: dataset == "toy-stripes" ? ["count": 64, "contrast": "strong", "seed": 1] : ["count": 64]),
      augmenter: try registry.choice(try registry.entry(.augmenter, "toy-scale"), options: [:]),
      model: try registry.choice(
        try registry.entry(.model, "toy-linear"), options: ["side": 16, "device": 1, "tasks": tasks, "seed": 1]),
      trainer: try registry.choice(try registry.entry(.trainer, "toy-sgd"), options: ["lr": 0.05]))
  }

  @Test(arguments: ["toy-stripes", "test-c-light"]) func theyTrainTogether(dataset name: String) throws {
    let shop = try Workshop()
    let registry = try registry(shop)
    let tasks: JSONValue =
      name == "toy-stripes"
      ? [["name": "stripes", "classes": ["lying", "standing"]]] : [["name": "light", "classes": ["above", "below"]]]
    let plan = try plan(registry, dataset: name, tasks: tasks)
    let components = try registry.makeComponents(plan, dataset: try registry.make(plan.dataset))
    try components.checkFit(plan)
    let (dataset, trainer) = (components.dataset, components.trainer)
    let augmenter = try #require(components.augmenter)
    #expect(dataset.count(in: .train) == 64)
    #expect(dataset.count(in: .validation) == 16)
    #expect(dataset.count(in: .test) == 0)

    let task = dataset.specification.tasks[0]
    try trainer.begin(
      components.model,
      run: RunSpecification(
        epochs: 1, stepsPerEpoch: 30, batchSize: 64, balanced: false,
        tasks: [.init(name: task.name, classes: task.classes, counts: [32, 32])]))
    let inputs = Tensor([64, 1, 16, 16])
    var targets: [Int64] = []
    for index in 0..<64 {
      let sample = try augmenter.apply(try dataset.sample(at: index, in: .train), strength: .standard, seed: 0)
      try Tensor([1, 16, 16], .float32, over: inputs.data + index * sample.byteCount).copy(from: sample)
      targets.append(Int64(try #require(try dataset.targets(at: index, in: .train)[0])))
    }
    let batch = Batch(epoch: 0, step: 0, seed: 0, inputs: inputs, targets: Tensor([64, 1], targets))
    let losses = try (0..<30).map { _ in try trainer.step(batch).loss }
    #expect(losses[29] < 0.5 * losses[0], "\(losses)")
    let result = try trainer.evaluate(batch)
    #expect(result.labelled == [64])
    #expect(result.correct[0] >= 60)
    #expect(result.logits.first?.shape == [64, 2])

    let error = #expect(throws: PluginError.self) { try dataset.sample(at: 1000, in: .train) }
    #expect(error?.code == SENTRY_INVALID)
    #expect(error?.message.contains("there is no sample") == true)
    #expect(dataset.name(at: 3, in: .validation).contains("3"))
  }

  @Test func whetherADeviceIsThere() throws {
    let shop = try Workshop()
    defer { withExtendedLifetime(shop) {} }
    let registry = try registry(shop)
    let (asked, other) = (try registry.entry(.model, "toy-linear"), try registry.entry(.model, "toy-double"))
    #expect(asked.declaration.asksDevices && !other.declaration.asksDevices)
    #expect(try registry.hindrance(to: asked, on: "cpu") == nil && registry.hindrance(to: other, on: "cuda") == nil)
    let reason = try #require(try registry.hindrance(to: asked, on: "auto"))
    #expect(reason.message == "there is no auto" && reason.hint == "build one")
    // Whatever a plugin answers: it is a no, with its reason, and the next candidate is asked.
    #expect(try registry.hindrance(to: asked, on: "cuda:9")?.message == "no number has two digits")
  }

  /// Each plugin runs its own copy of SentryPluginAPI: the code of its factories lies in its own file.
  @Test func eachRunsItsOwnCode() throws {
    let shop = try Workshop()
    let registry = try registry(shop)
    var files: Set<String> = []
    for (kind, name) in [(ComponentKind.dataset, "toy-stripes"), (.model, "toy-linear"), (.augmenter, "toy-scale")] {
      let entry = try registry.entry(kind, name)
      let factory = try registry.load(entry).factory(kind, name)
      let code = UInt(bitPattern: unsafeBitCast(factory.pointee.create, to: UnsafeRawPointer.self))
      #expect(mappedFile(at: code) == entry.file)
      files.insert(entry.file)
    }
    #expect(files.count == 3)
  }

  @Test func thePluginInCNeedsNothingOfSwift() throws {
    let shop = try Workshop()
    try shop.compile("dataset_c.c")
    let libraries = try #require(try shop.discover().report("dataset_c.so").declaration?.libraries)
    #expect(libraries.map(\.name) == ["libc.so.6"])
  }

  /// Without `-static-stdlib` its file would ask for libswiftCore, as the others' do, and nothing would be shown above.
  @Test func theStaticPluginNeedsNoStandardLibraryOfOthers() throws {
    let shop = try Workshop()
    for product in ["TestPluginToyA", "TestPluginStatic"] { try shop.take(product) }
    let found = shop.discover()
    func libraries(_ product: String) throws -> [String] {
      try #require(found.report("lib\(product).so").declaration?.libraries).map(\.name)
    }
    #expect(try libraries("TestPluginToyA").contains("libswiftCore.so"))
    let needed = try libraries("TestPluginStatic")
    #expect(needed.contains("libc.so.6") && !needed.contains { $0.hasPrefix("libswift") }, "\(needed)")
  }

  @Test func componentsAreFreed() throws {
    let shop = try Workshop()
    let registry = try registry(shop)
    let plan = try plan(
      registry, dataset: "toy-stripes", tasks: [["name": "stripes", "classes": ["lying", "standing"]]])
    let light = try self.plan(registry, dataset: "test-c-light", tasks: [])
    func once() throws {
      let dataset: ImportedDataset = try registry.make(plan.dataset)
      let components = try registry.makeComponents(plan, dataset: dataset)
      _ = try components.augmenter?.apply(try dataset.sample(at: 0, in: .train), strength: .none, seed: 0)
      #expect(throws: PluginError.self) { try dataset.sample(at: -1, in: .train) }
      let inC: ImportedDataset = try registry.make(light.dataset)
      _ = try inC.sample(at: 0, in: .train)
      #expect(throws: PluginError.self) { try inC.sample(at: -1, in: .train) }
    }
    for _ in 0..<1000 { try once() }
    // Each dataset counts what it made and was not asked to free.
    let last: (ImportedDataset, ImportedDataset) = (try registry.make(plan.dataset), try registry.make(light.dataset))
    #expect(last.0.name(at: -1, in: .train) == "alive: 1 datasets, 0 samples")
    #expect(last.1.name(at: -1, in: .train) == "alive: 1 datasets, 0 samples, 0 errors")
    let sample = try last.0.sample(at: 0, in: .train)
    withExtendedLifetime(sample) { #expect(last.0.name(at: -1, in: .train) == "alive: 1 datasets, 1 samples") }
  }
}

/// The file whose code lies at an address. dladdr is a GNU function that Swift's Glibc module does not show.
private func mappedFile(at address: UInt) -> String? {
  struct Information {
    var file: UnsafePointer<CChar>?
    var base: UInt = 0
    var symbol: UnsafePointer<CChar>?
    var start: UInt = 0
  }
  typealias Function = @convention(c) (UInt, UnsafeMutableRawPointer) -> Int32
  guard let symbol = dlsym(nil, "dladdr") else { return nil }
  var information = Information()
  guard unsafeBitCast(symbol, to: Function.self)(address, &information) != 0 else { return nil }
  return information.file.map { String(cString: $0) }
}
