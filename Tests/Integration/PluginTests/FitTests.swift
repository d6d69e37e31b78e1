import SentryPluginAPI
import Testing
@testable import SentryRuntime

/// A misfit is told before the first batch and names both sides.
@Suite(.serialized) struct FitTests {
  private func components(
    side: Int = 16, augmenter: Bool = true, tasks: JSONValue, device: Int = 1
  ) throws -> (RunPlan, RunComponents) {
    let shop = try Workshop()
    for product in ["TestPluginToyA", "TestPluginToyB", "TestPluginStatic"] { try shop.take(product) }
    let registry = Registry(shop.discover())
    let plan = RunPlan(
      recipe: try registry.recipe("toy"), command: [], run: RunOptions(output: "unused"),
      dataset: try registry.choice(
        try registry.entry(.dataset, "toy-stripes"), options: ["count": 8, "contrast": "weak", "seed": 1]),
      augmenter: augmenter
        ? try registry.choice(try registry.entry(.augmenter, "toy-scale"), options: [:]) : nil,
      model: try registry.choice(
        try registry.entry(.model, "toy-linear"),
        options: ["side": .integer(side), "device": .integer(device), "tasks": tasks, "seed": 1]),
      trainer: try registry.choice(try registry.entry(.trainer, "toy-sgd"), options: ["lr": 0.05]))
    return (plan, try registry.makeComponents(plan, dataset: try registry.make(plan.dataset)))
  }
  private let right: JSONValue = [["name": "stripes", "classes": ["lying", "standing"]]]

  private func message(_ given: (RunPlan, RunComponents)) -> String {
    let error = #expect(throws: PluginError.self) { try given.1.checkFit(given.0) }
    return error?.message ?? ""
  }

  @Test func shapes() throws {
    #expect(
      message(try components(side: 8, tasks: right))
        == "augmenter 'toy-scale' gives float32 [1, 16, 16] CHW, but model 'toy-linear' takes float32 [1, 8, 8] CHW")
    #expect(
      message(try components(augmenter: false, tasks: right))
        == "dataset 'toy-stripes' gives uint8 [16, 16, 1] HWC, but model 'toy-linear' takes float32 [1, 16, 16] CHW")
  }

  @Test func heads() throws {
    #expect(
      message(try components(tasks: [["name": "other", "classes": ["a", "b"]]]))
        == "dataset 'toy-stripes' has the task 'stripes' with 2 classes, but model 'toy-linear' has no head for it (only 'other')"
    )
    #expect(
      message(try components(tasks: [["name": "stripes", "classes": ["lying", "standing", "both"]]])).contains(
        "2 classes, but the head of model 'toy-linear' has 3"))
    #expect(
      message(try components(tasks: [["name": "stripes", "classes": ["standing", "lying"]]])).contains(
        "[lying, standing] in dataset 'toy-stripes' but [standing, lying] in model 'toy-linear'"))
  }

  @Test func device() throws {
    let here = try components(tasks: right)
    try here.1.checkOnCPU(here.0)
    let elsewhere = try components(tasks: right, device: 2)
    let error = #expect(throws: PluginError.self) { try elsewhere.1.checkOnCPU(elsewhere.0) }
    #expect(error?.message.contains("'linear.weight' on device type 2") == true)
  }
}
