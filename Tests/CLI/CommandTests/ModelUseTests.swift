import Foundation
import SentryFormats
import Testing

/// A checkpoint used with another component, other options, or on another device than it was trained with.
@Suite struct ModelUseTests {
  private let sandbox: Sandbox
  private var plugin: String { "\(sandbox.root)/plugins/libTestPluginDevices.so" }

  /// `run/` is of toy-linear-cuda on a pretended device, `plain/` of toy-linear.
  init() throws {
    sandbox = try Sandbox()
    try FileManager.default.copyItem(atPath: "\(Sandbox.products)/libTestPluginDevices.so", toPath: plugin)
    for (name, model) in [("run", "toy-linear-cuda"), ("plain", "toy-linear")] {
      let outcome = try run(
        ["train", "toy", "--model", model, "--output", name, "--epochs", "1"], devices: "cuda:0")
      try #require(outcome.status == 0, "\(outcome.err)")
    }
  }

  private func run(_ arguments: [String], devices: String = "", mostRows: Int? = nil) throws -> Sandbox.Outcome {
    try sandbox.run(
      ["--plugin-dir", "\(sandbox.root)/plugins"] + arguments,
      environment: ["SENTRY_TEST_DEVICES": devices].merging(
        mostRows.map { ["SENTRY_TEST_MOST_ROWS": "\($0)"] } ?? [:]
      ) { $1 })
  }

  private func evaluate(_ file: String, _ more: [String] = [], devices: String = "", mostRows: Int? = nil) throws -> (
    predictions: String, err: String
  ) {
    let outcome = try run(
      ["evaluate", "--model", file, "--output", "evaluated", "--overwrite", "--bootstrap-samples", "0"] + more,
      devices: devices, mostRows: mostRows)
    try #require(outcome.status == 0, "\(outcome.err)")
    return (
      try String(contentsOfFile: "\(sandbox.root)/work/evaluated/predictions.csv", encoding: .utf8), outcome.err
    )
  }

  private func refusal(_ arguments: [String], _ pieces: String..., devices: String = "", mostRows: Int? = nil) throws {
    let outcome = try run(arguments, devices: devices, mostRows: mostRows)
    #expect(outcome.status == 64 || outcome.status == 1, "\(outcome.out)")
    for piece in pieces { #expect(outcome.err.contains(piece), "'\(piece)' in:\n\(outcome.err)") }
  }

  @Test func eitherComponentReadsTheOthersCheckpoints() throws {
    let own = try evaluate("run/best_model.pth")
    #expect(!own.err.contains("computes on"), "\(own.err)")
    let other = try evaluate("run/best_model.pth", ["--model-component", "toy-linear"])
    #expect(other.predictions == own.predictions)
    #expect(
      other.err.contains(
        "model 'toy-linear' does not have these options of 'toy-linear-cuda', which are left out: precision"))
    let plain = try evaluate("plain/best_model.pth")
    let there = try evaluate(
      "plain/best_model.pth", ["--model-component", "toy-linear-cuda", "--device", "cuda"], devices: "cuda:0")
    #expect(there.predictions == plain.predictions)
    #expect(there.err.contains("the model computes on cuda:0 Pretender 100, tf32"), "\(there.err)")
    // The report and metrics.json are of the component that was used.
    let components = try #require(
      (try sandbox.json("evaluated/metrics.json")["extended"] as? [String: Any])?["components"] as? [String: Any])
    #expect((components["model"] as? [String: Any])?["name"] as? String == "toy-linear-cuda")
    let extended = try #require(try sandbox.json("evaluated/metrics.json")["extended"] as? [String: Any])
    #expect(extended["device"] as? String == "cuda:0 Pretender 100" && extended["precision"] as? String == "tf32")
    let page = try String(contentsOfFile: "\(sandbox.root)/work/evaluated/report.html", encoding: .utf8)
    #expect(page.contains("cuda:0 Pretender 100"))
  }

  @Test func optionsOfTheModelAreSet() throws {
    let precise = try evaluate("run/best_model.pth", ["--set", "model.precision=f32"], devices: "cuda:0")
    #expect(precise.err.contains("the model computes on cuda:0 Pretender 100, f32"), "\(precise.err)")
    let model = ["evaluate", "--model", "run/best_model.pth"]
    try refusal(model + ["--set", "model.precision=f16"], "model.precision is \"f16\" but must be one of f32, tf32")
    try refusal(model + ["--set", "model.precison=f32"], "has no option 'precison'", "did you mean 'precision'?")
    try refusal(model + ["--set", "model.device=cpu"], "filled in by the host and cannot be set", "give --device")
    try refusal(model + ["--set", "trainer.lr=1"], "only options of the dataset and the model can be set here")
  }

  @Test func whatIsNotTheSameModelIsAnError() throws {
    let model = ["evaluate", "--model", "run/best_model.pth"]
    try refusal(
      model + ["--model-component", "toy-other-head"],
      "run/best_model.pth: model 'toy-other-head' is not the model of the file ('toy-linear-cuda'): it has no output 'stripes'"
    )
    try refusal(
      model + ["--set", "model.side=8"], "it takes float32 [1, 8, 8] CHW, in the file float32 [1, 16, 16] CHW")
    try refusal(model + ["--model-component", "toy-liner"], "no plugin offers model 'toy-liner'")
  }

  @Test func aMissingComponentNamesAnother() throws {
    try FileManager.default.removeItem(atPath: plugin)
    let model = ["evaluate", "--model", "run/best_model.pth"]
    try refusal(
      model, "no plugin offers model 'toy-linear-cuda'",
      "--model-component toy-linear reads the file if it is the same network")
    #expect(try evaluate("run/best_model.pth", ["--model-component", "toy-linear"]).predictions.contains("stripes"))
  }

  @Test func theDeviceIsThatOfTheCommand() throws {
    #expect(
      try evaluate("run/best_model.pth", devices: "cuda:0 cuda:1").err.contains("computes on cuda:0 Pretender 100"))
    let second = try evaluate("run/best_model.pth", ["--device", "cuda:1"], devices: "cuda:0 cuda:1")
    #expect(second.err.contains("computes on cuda:1 Pretender 100"))
    #expect(!(try evaluate("run/best_model.pth", ["--cpu"], devices: "cuda:0").err.contains("computes on")))
    try refusal(
      ["evaluate", "--model", "run/best_model.pth", "--device", "cuda"],
      "model 'toy-linear-cuda' does not work on cuda: no such device is pretended", "set SENTRY_TEST_DEVICES")
    try refusal(
      ["evaluate", "--model", "plain/best_model.pth", "--device", "cuda"],
      "model 'toy-linear' does not work on cuda: there is no cuda", devices: "cuda:0")
    try refusal(["evaluate", "--model", "run/best_model.pth", "--device", "tpu"], "tpu")
    try refusal(["evaluate", "--model", "run/best_model.pth", "--cpu", "--device", "cuda"], "exclude each other")
  }

  @Test func predictTakesTheSame() throws {
    try NPYFile.write(
      StoredTensor([Float](repeating: 0.5, count: 256), shape: [1, 16, 16]), to: "\(sandbox.root)/work/x.npy")
    let own = try run(["predict", "--model", "run/best_model.pth", "x.npy", "--json"])
    try #require(own.status == 0, "\(own.err)")
    let other = try run([
      "predict", "--model", "run/best_model.pth", "--model-component", "toy-linear", "x.npy", "--json",
    ])
    #expect(other.status == 0 && other.out == own.out, "\(other.err)")
    let there = try run(
      ["predict", "--model", "run/best_model.pth", "--set", "model.precision=f32", "x.npy"], devices: "cuda:0")
    #expect(there.err.contains("computes on cuda:0 Pretender 100, f32"), "\(there.err)")
    try refusal(["predict", "--model", "run/best_model.pth", "--device", "cuda", "x.npy"], "does not work on cuda")
    try refusal(
      ["embed", "--model", "run/best_model.pth", "--device", "cuda", "--output", "e"], "does not work on cuda")
    try refusal(
      ["embed", "--model", "run/best_model.pth", "--model-component", "toy-linear", "--output", "e"],
      "the model has no embedding")
  }

  @Test func batchesThatDoNotFitIntoMemoryGoInParts() throws {
    let whole = try evaluate("run/best_model.pth", ["--batch-size", "16"])
    let parts = try evaluate("run/best_model.pth", ["--batch-size", "16"], mostRows: 5)
    #expect(parts.predictions == whole.predictions && !whole.err.contains("memory ran out"))
    let told =
      "memory ran out with 8 samples at once (the pretended card is full); from now on at most 4 go through the model at once"
    #expect(parts.err.contains(told), "\(parts.err)")
    try NPYFile.write(
      StoredTensor([Float](repeating: 0.5, count: 256), shape: [1, 16, 16]), to: "\(sandbox.root)/work/x.npy")
    try refusal(
      ["predict", "--model", "run/best_model.pth", "x.npy"], "memory ran out with a single sample", mostRows: 0)
  }

  @Test func exportWritesForAnotherComponent() throws {
    let export = ["export", "--model", "run/best_model.pth"]
    let outcome = try run(export + ["--model-component", "toy-linear", "--output", "moved.safetensors"])
    try #require(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.err.contains("left out: precision"))
    let inspected = try run(["inspect", "moved.safetensors", "--json"]).out.replacing(" ", with: "")
    #expect(inspected.contains("\"name\":\"toy-linear\"") && !inspected.contains("toy-linear-cuda"), "\(inspected)")
    try FileManager.default.removeItem(atPath: plugin)
    #expect(
      try evaluate("moved.safetensors").predictions
        == evaluate(
          "run/best_model.pth", ["--model-component", "toy-linear"]
        ).predictions)
    try refusal(export + ["--device", "cuda", "--output", "x.pth"], "nothing is computed")
    try refusal(
      export + ["--set", "dataset.count=3", "--output", "x.pth"], "only options of the model can be set here")
  }
}
