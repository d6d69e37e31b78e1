import Foundation
import Testing

/// Built-in defaults < recipe < --config < command line, by what run.json says was used.
@Suite struct PrecedenceTests {
  private struct Chosen: Equatable {
    var dataset: String
    var batchSize, cache, count: Int?
    var rate: Double?
  }

  private func chosen(_ sandbox: Sandbox, _ more: [String]) throws -> Chosen {
    let outcome = try sandbox.toys(["train", "toy", "--output", "run", "--epochs", "1", "--overwrite"] + more)
    try #require(outcome.status == 0, "\(outcome.err)")
    let plan = try #require(sandbox.json("run/run.json")["plan"] as? [String: Any])
    let run = try #require(plan["run"] as? [String: Any])
    let dataset = try #require(plan["dataset"] as? [String: Any])
    let trainer = try #require(plan["trainer"] as? [String: Any])
    return Chosen(
      dataset: try #require(dataset["name"] as? String), batchSize: run["batch-size"] as? Int,
      cache: run["cache-mb"] as? Int, count: (dataset["options"] as? [String: Any])?["count"] as? Int,
      rate: (trainer["options"] as? [String: Any])?["lr"] as? Double)
  }

  @Test func eachHasItsWayOverTheOneBefore() throws {
    let sandbox = try Sandbox()
    for (name, text) in [
      ("values", "run: {batch-size: 8, cache-mb: 64}\ndataset: {count: 32}\ntrainer: {lr: 0.05}\n"),
      ("components", "components: {dataset: toy-bars}\n"),
    ] { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(sandbox.root)/work/\(name).yaml")) }

    let trainer = try sandbox.toys(["plugins", "inspect", "toy-sgd", "--json"])
    #expect(trainer.out.replacing(" ", with: "").contains("\"default\":0.1"), "\(trainer.out)")
    // The recipe has batches of 16 and a rate of 0.2, and says nothing of the others.
    #expect(
      try chosen(sandbox, []) == Chosen(dataset: "toy-stripes", batchSize: 16, cache: 512, count: 64, rate: 0.2))
    let file = ["--config", "values.yaml"]
    #expect(
      try chosen(sandbox, file) == Chosen(dataset: "toy-stripes", batchSize: 8, cache: 64, count: 32, rate: 0.05))
    #expect(
      try chosen(sandbox, file + ["--batch-size", "4", "--lr", "0.025"])
        == Chosen(dataset: "toy-stripes", batchSize: 4, cache: 64, count: 32, rate: 0.025))
    // The recipe's flag and --set; of the two for one option, --set.
    #expect(
      try chosen(
        sandbox, ["--samples", "24", "--set", "run.cache-mb=16", "--set", "trainer.lr=0.5", "--lr", "1"] + file)
        == Chosen(dataset: "toy-stripes", batchSize: 8, cache: 16, count: 24, rate: 0.5))
    let components = ["--config", "components.yaml"]
    #expect(try chosen(sandbox, components).dataset == "toy-bars")
    #expect(try chosen(sandbox, components + ["--dataset", "toy-stripes"]).dataset == "toy-stripes")
  }
}
