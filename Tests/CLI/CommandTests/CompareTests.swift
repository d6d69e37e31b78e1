import Foundation
import SentryTestSupport
import Testing

@Suite struct CompareTests {
  private static let command = [
    "compare", "toy", "--models", "toy-linear,toy-blind", "--seeds", "2", "--epochs", "3", "--lr", "0.0005",
    "--samples", "128",
    "--bootstrap-samples", "500",
  ]

  private func compare(_ sandbox: Sandbox, _ output: String, _ more: String...) throws -> Sandbox.Outcome {
    try sandbox.toys(Self.command + ["--output", output] + more)
  }

  private func task(_ comparison: [String: Any]) throws -> [String: Any] {
    try #require((comparison["tasks"] as? [[String: Any]])?.first)
  }

  private func models(_ comparison: [String: Any]) throws -> [[String: Any]] {
    try #require(try task(comparison)["models"] as? [[String: Any]])
  }

  /// By run, the bytes of its last model.
  private func finalModels(_ sandbox: Sandbox, _ output: String) throws -> [String: Data] {
    let runs = "\(sandbox.root)/work/\(output)/runs"
    let names = try FileManager.default.contentsOfDirectory(atPath: runs)
    return Dictionary(
      uniqueKeysWithValues: try names.map {
        ($0, try Data(contentsOf: URL(fileURLWithPath: "\(runs)/\($0)/final_model.pth")))
      })
  }

  @Test func twoModelsAreTrainedAndCompared() throws {
    let sandbox = try Sandbox()
    let outcome = try compare(sandbox, "out")
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.contains("run 4 of 4: toy-blind, seed 43: out/runs/toy-blind-seed-43"))
    #expect(outcome.out.contains("toy-blind is worse than toy-linear: -"), "\(outcome.out)")
    let comparison = try sandbox.json("out/comparison.json")
    #expect(comparison["reference"] as? String == "toy-linear" && comparison["seeds"] as? [Int] == [42, 43])
    #expect(comparison["split"] as? String == "validation")
    let models = try models(comparison)
    #expect(models.map { $0["model"] as? String } == ["toy-linear", "toy-blind"])
    #expect(models.map { $0["parameters"] as? Int } == [2 * 256 + 2, 2])
    let accuracies = try #require(models[0]["accuracy_by_seed"] as? [Double])
    #expect(accuracies.count == 2 && models[1]["accuracy_by_seed"] as? [Double] == [0.5, 0.5])
    #expect(models[0]["p"] is NSNull && models[0]["flops"] is NSNull && models[0]["deviation"] is Double)
    #expect((comparison["flops_notes"] as? [String: String])?["toy-linear"]?.contains("sentry.model.graph") == true)
    #expect(models[1]["verdict"] as? String == "worse" && (models[1]["p_holm"] as? Double).map { $0 < 0.05 } == true)
    // A model that cannot see answers one class; that is said wherever its numbers stand.
    #expect(models[0]["warning"] is NSNull && (models[1]["warning"] as? String)?.hasPrefix("constant answers") == true)
    #expect(models[1]["majority_share"] as? Double == 0.5 && models[1]["largest_answer_share"] as? Double == 1)
    let warnings = try #require(try task(comparison)["warnings"] as? [String])
    #expect(warnings.count == 2 && warnings[0].hasPrefix("toy-blind with seed 42 answers '"), "\(warnings)")
    #expect(outcome.out.contains("warning: \(warnings[1])"), "\(outcome.out)")
    let pair = try #require(models[1]["against_reference"] as? [String: Any])
    let tests = try #require(pair["mcnemar"] as? [[String: Any]])
    #expect(tests.map { $0["seed"] as? Int } == [42, 43])
    let lost = try #require(tests[0]["only_reference_right"] as? Int)
    let won = try #require(tests[0]["only_model_right"] as? Int)
    #expect(abs(Double(lost - won) / 32 - (accuracies[0] - 0.5)) < 1e-9)
    #expect((pair["classes"] as? [[String: Any]])?.map { $0["samples"] as? Int } == [32, 32])
    #expect((pair["disagreements"] as? [[String: Any]])?.isEmpty == false)
    let csv = try String(contentsOfFile: "\(sandbox.root)/work/out/comparison.csv", encoding: .utf8)
    #expect(csv.split(separator: "\n").count == 3 && csv.hasPrefix("task,model,accuracy,accuracy_low,accuracy_high,"))
    let page = try String(contentsOfFile: "\(sandbox.root)/work/out/comparison.html", encoding: .utf8)
    #expect(csv.contains(",constant answers"), "\(csv)")
    let pieces = [
      "<h2>Verdict</h2>", "toy-blind is worse than toy-linear", "Only one is right: toy-blind",
      "<p class=\"note\">toy-blind with seed 42 answers", "constant answers",
    ]
    for piece in pieces {
      #expect(page.contains(piece), "\(piece)")
    }
    if EvaluateTests.hasGnuplot {
      for piece in ["on the Pareto front", "only one of toy-linear and toy-blind is right"] {
        #expect(page.contains(piece), "\(piece)")
      }
    }
    let evaluations = "\(sandbox.root)/work/out/evaluations"
    #expect(try FileManager.default.contentsOfDirectory(atPath: evaluations).count == 4)
    #expect(
      Set(try FileManager.default.contentsOfDirectory(atPath: "\(evaluations)/toy-blind-seed-42"))
        == ["evaluation.json", "metrics.json", "predictions.csv"])
  }

  /// What is there is taken; a further seed is trained beside it.
  @Test func theSameCommandTrainsNothingTwice() throws {
    let sandbox = try Sandbox()
    #expect(try compare(sandbox, "out").status == 0)
    let before = try finalModels(sandbox, "out")
    let again = try compare(sandbox, "out")
    #expect(again.status == 0, "\(again.err)")
    #expect(again.out.split(separator: "\n").count { $0 == "trained already" } == 4)
    #expect(again.out.split(separator: "\n").count { $0.hasPrefix("evaluated already: ") } == 4)
    let more = try compare(sandbox, "out", "--seeds", "3")
    #expect(more.status == 0 && more.out.contains("run 6 of 6: toy-blind, seed 44"), "\(more.err)")
    #expect(more.out.split(separator: "\n").count { $0 == "trained already" } == 4)
    // 24 steps are too few, so the runs are lengthened.
    let long = ["--seeds", "1", "--set", "run.min-steps=40"]
    let first = try sandbox.toys(Self.command + long + ["--output", "long"])
    #expect(first.status == 0 && (first.out + first.err).contains("6 epochs in place of 3"), "\(first.err)")
    let repeated = try sandbox.toys(Self.command + long + ["--output", "long"])
    #expect(repeated.status == 0, "\(repeated.err)")
    #expect(repeated.out.split(separator: "\n").count { $0 == "trained already" } == 2)
    let other = try compare(sandbox, "out", "--batch-size", "8")
    #expect(other.status == 64 && other.err.contains("has a run with other settings: run.batch-size"), "\(other.err)")
    #expect(try finalModels(sandbox, "out").filter { before[$0.key] != nil } == before)
  }

  /// Killed while the third run trains, then asked to stop during the fourth: the same command ends with the models of a comparison
  /// that nobody disturbed.
  @Test func whatWasInterruptedGoesOn() throws {
    let sandbox = try Sandbox()
    #expect(try compare(sandbox, "whole", "--set", "run.state-seconds=0").status == 0)
    func isThere(_ path: String) -> Bool {
      FileManager.default.fileExists(atPath: "\(sandbox.root)/work/cut/runs/\(path)")
    }
    let arguments =
      ["--plugin-dir", "\(sandbox.root)/plugins"] + Self.command + ["--output", "cut", "--set", "run.state-seconds=0"]
    let killed = try sandbox.run(arguments) { _ in isThere("toy-linear-seed-43/run.json") }
    #expect(killed.wasKilled && !isThere("toy-blind-seed-43"))
    var isAsked = false
    let stopped = try sandbox.run(arguments) { process in
      if !isAsked, isThere("toy-blind-seed-43/run.json") {
        isAsked = true
        kill(process, SIGINT)
      }
      return false
    }
    #expect(stopped.status == 130, "\(stopped.out) \(stopped.err)")
    #expect(stopped.out.split(separator: "\n").count { $0 == "trained already" } >= 2)
    #expect(!FileManager.default.fileExists(atPath: "\(sandbox.root)/work/cut/comparison.json"))
    let last = try sandbox.run(arguments)
    #expect(last.status == 0, "\(last.err)")
    #expect(try finalModels(sandbox, "cut") == finalModels(sandbox, "whole"))
    let found = try ["whole", "cut"].map { try models(sandbox.json("\($0)/comparison.json")) }
    for key in ["accuracy", "difference", "p_holm", "verdict", "accuracy_by_seed"] {
      let values = found.map { $0.map { "\($0[key] ?? "")" } }
      #expect(values[0] == values[1], "\(key)")
    }
  }

  @Test func finishedRunsAreCompared() throws {
    let sandbox = try Sandbox()
    for (name, more) in [("one", []), ("two", ["--batch-size", "8"]), ("cut", ["--limit", "32"])] {
      let arguments = ["train", "toy", "--dataset", "toy-bars", "--lr", "0.002", "--output", "models/\(name)"]
      #expect(try sandbox.toys(arguments + more).status == 0)
    }
    let outcome = try sandbox.toys(["compare", "models/one", "models/two", "--output", "out"])
    #expect(outcome.status == 0, "\(outcome.err)")
    let comparison = try sandbox.json("out/comparison.json")
    #expect(comparison["split"] as? String == "test" && comparison["reference"] as? String == "one")
    #expect(try task(comparison)["samples"] as? [Int] == [108])
    #expect((comparison["notes"] as? [String])?.contains { $0.hasPrefix("One seed") } == true)
    // The old command with --output is the same.
    let old = try sandbox.toys(["runs", "compare", "models/one", "models/two", "--output", "old"])
    #expect(old.status == 0, "\(old.err)")
    let verdicts = try ["out", "old"].map {
      try models(sandbox.json("\($0)/comparison.json")).map { "\($0["p"] ?? "")" }
    }
    #expect(verdicts[0] == verdicts[1])
    // A run against what is the same: nothing is shown.
    #expect(
      try sandbox.toys(["train", "toy", "--dataset", "toy-bars", "--lr", "0.002", "--output", "models/twin"]).status
        == 0)
    let twins = try sandbox.toys(["compare", "models/one", "models/twin", "--output", "twins"])
    #expect(twins.status == 0 && twins.out.contains("twin and one: no difference shown: +0.00 points"), "\(twins.out)")

    let refused = try sandbox.toys(["compare", "models/one", "models/cut", "--output", "refused"])
    #expect(refused.status == 64 && refused.err.contains("these runs cannot be compared:"), "\(refused.err)")
    #expect(refused.err.contains("--limit differs: none; 32") && refused.err.contains("the training samples differ"))
    #expect(!FileManager.default.fileExists(atPath: "\(sandbox.root)/work/refused"))
    #expect(try sandbox.toys(["train", "toy", "--output", "models/stripes"]).status == 0)
    let data = try sandbox.toys(["compare", "models/one", "models/stripes"])
    #expect(data.status == 64 && data.err.contains("the datasets differ: toy-bars; toy-stripes"), "\(data.err)")
    #expect(
      try sandbox.toys([
        "train", "toy", "--dataset", "toy-bars", "--lr", "0.002", "--seed", "9", "--output", "models/nine",
      ]).status == 0)
    let seeds = try sandbox.toys(["compare", "models/one", "models/nine"])
    #expect(seeds.status == 64 && seeds.err.contains("differ in nothing but their seeds"), "\(seeds.err)")
  }

  @Test(arguments: [
    (["compare"], "nothing to compare"), (["compare", "gone", "away"], "gone does not exist"),
    (["compare", "toy", "--models", "toy-linear"], "give two or more names"),
    (["compare", "toy", "--models", "toy-linear,toy-linear"], "names 'toy-linear' twice"),
    (["compare", "toy", "--models", "toy-linear,toy-liner"], "did you mean 'toy-linear'?"),
    (["compare", "toy", "other", "--models", "toy-linear,toy-blind"], "--models trains with one recipe"),
    (["compare", "toy", "--models", "toy-linear,toy-blind", "--set", "run.seed=3"], "run.seed differs in every run"),
    (
      ["compare", "toy", "--models", "toy-linear,toy-blind", "--set", "model.width=3"],
      "none of the models has the option 'width'"
    ),
    (["compare", "run", "--epochs", "3"], "--epochs cannot be given for finished runs"),
    (["runs", "compare", "--split", "test"], "--split needs --output"),
    (["runs", "compare", "--output", "x", "--json"], "--json and --output exclude each other"),
    (
      ["compare", "toy", "--models", "toy-linear,toy-blind", "--output", "mine"],
      "mine holds what is no comparison: notes.txt"
    ),
  ])
  func whatCannotBeAskedIsSaid(arguments: [String], message: String) throws {
    let sandbox = try Sandbox()
    try FileManager.default.createDirectory(atPath: "\(sandbox.root)/work/mine", withIntermediateDirectories: true)
    try Data().write(to: URL(fileURLWithPath: "\(sandbox.root)/work/mine/notes.txt"))
    let outcome = try sandbox.toys(arguments)
    #expect(outcome.status == 64 || outcome.status == 1, "\(outcome.err)")
    #expect(outcome.err.contains(message), "\(outcome.err)")
    #expect(!FileManager.default.fileExists(atPath: "\(sandbox.root)/work/comparison"))
  }

  /// An option of one model is given to that one.
  @Test func anOptionOfTheModelIsForThoseThatHaveIt() throws {
    let sandbox = try Sandbox()
    let outcome = try compare(sandbox, "out", "--set", "model.side=16", "--seeds", "1")
    #expect(outcome.status == 0, "\(outcome.err)")
  }

  /// scipy makes the same of the answers.
  @Test(.enabled(if: PeerPython.interpreter != nil, Comment(rawValue: PeerPython.missing))) func scipyAgrees() throws {
    let sandbox = try Sandbox()
    #expect(try compare(sandbox, "out", "--bootstrap-samples", "10000").status == 0)
    let check = try sandbox.run(
      ["\(Sandbox.package)/scripts/check_comparison.py", "out"], program: PeerPython.interpreter ?? "")
    #expect(check.status == 0 && check.out.contains(", 0 beyond 1e-09"), "\(check.out) \(check.err)")
  }
}
