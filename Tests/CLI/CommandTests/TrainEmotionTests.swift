import Foundation
import SentryFormats
import Testing

/// The main job through the real program and the real plugins, small.
@Suite struct TrainEmotionTests {
  private static let plugins = ["EmotionDenseNet", "DatasetSyntheticFaces", "AugmentFace", "TrainerSupervised"]
  private static let small = [
    "--image-size", "32", "--batch-size", "8", "--epochs", "2", "--lr", "1e-3", "--threads", "1",
  ]

  private func train(_ sandbox: Sandbox, _ output: String, _ more: [String] = []) throws -> Sandbox.Outcome {
    try sandbox.toys(
      ["train", "emotion", "--dataset", "synthetic-faces", "--output", output] + Self.small + Self.faces + more)
  }
  private static let faces = ["--set", "dataset.count=48", "--set", "dataset.validation-count=16"]

  private func bytes(_ sandbox: Sandbox, _ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(sandbox.root)/work/\(path)"))
  }

  @Test func aRunLeavesWhatTheReadmeSays() throws {
    let sandbox = try Sandbox(plugins: Self.plugins)
    let outcome = try train(sandbox, "run")
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.contains("epoch 2/2: train loss"))
    for file in ["best_model.pth", "final_model.pth", "history.json", "run.json", "timing.json"] {
      #expect(try !bytes(sandbox, "run/\(file)").isEmpty)
    }
    let history = try #require(
      JSONSerialization.jsonObject(with: bytes(sandbox, "run/history.json")) as? [String: [Any]])
    #expect(Set(history.keys) == ["epoch", "train_loss", "train_acc", "val_loss", "val_acc", "lr"])
    #expect(history.values.allSatisfy { $0.count == 2 })
    let checkpoint = try PyTorchFile.read("\(sandbox.root)/work/run/best_model.pth")
    #expect(try checkpoint["model_state_dict"]?.stateDict(file: "best_model.pth").count == 731)
    #expect(checkpoint["sentry"]?["tasks"]?.elements?.first?["classes"]?.elements?.count == 6)

    let again = try train(sandbox, "run")
    #expect(again.status == 64 && again.err.contains("--resume") && again.err.contains("--overwrite"))
  }

  /// `a batch of 32 takes A beside the B in use`: a limit between that of one sample and that of all.
  @Test func aBatchThatDoesNotFitIsSplit() throws {
    let sandbox = try Sandbox(plugins: Self.plugins)
    let faces = ["--set", "dataset.count=40", "--set", "dataset.validation-count=8"]
    let arguments =
      ["train", "emotion", "--dataset", "synthetic-faces", "--image-size", "64", "--batch-size", "32", "--epochs", "1"]
      + ["--threads", "1"] + faces
    let whole = try sandbox.toys(["-v"] + arguments + ["--output", "whole"])
    #expect(whole.status == 0, "\(whole.err)")
    let line = try #require(whole.err.split(separator: "\n").first { $0.contains("a batch of 32 takes") })
    let megabytes = line.split(separator: " ").enumerated().compactMap { index, word -> Int? in
      let words = line.split(separator: " ")
      return index + 1 < words.count && words[index + 1].hasPrefix("MB") ? Int(word) : nil
    }
    try #require(megabytes.count >= 2, "\(line)")
    let limit = megabytes[0] + megabytes[1] - 40

    let split = try sandbox.toys(arguments + ["--output", "split", "--set", "run.memory-limit=\(limit)"])
    #expect(split.status == 0, "\(split.err)")
    #expect(split.err.contains("too little; a batch of 32 goes through the model in"))
    #expect(split.err.contains("batch norm statistics are those of a part"))
    let record = try #require(
      JSONSerialization.jsonObject(with: bytes(sandbox, "split/run.json")) as? [String: Any])
    let memory = try #require(record["memory"] as? [String: Any])
    let parts = try #require(memory["micro_batch"] as? Int)
    #expect(parts < 32 && memory["automatic"] as? Bool == true)
    let run = try #require((record["plan"] as? [String: Any])?["run"] as? [String: Any])
    #expect(run["micro-batch"] as? Int == parts, "a resumed run splits as this one did")

    let tiny = try sandbox.toys(arguments + ["--output", "tiny", "--set", "run.memory-limit=50"])
    #expect(tiny.status == 1 && tiny.err.contains("a single sample takes"))
    #expect(tiny.err.contains("too little") && tiny.err.contains("run.memory-limit"))
  }

  /// Flags, --set, a configuration file and run.json in the words of an earlier version.
  @Test func formerNamesOfOptionsAreRead() throws {
    let sandbox = try Sandbox(plugins: Self.plugins)
    try Data("model: {schedule: dynamic, frozen-bn: eval}\n".utf8)
      .write(to: URL(fileURLWithPath: "\(sandbox.root)/work/former.yaml"))
    func options(_ run: String) throws -> [String: Any] {
      let plan = try #require(sandbox.json("\(run)/run.json")["plan"] as? [String: Any])
      return try #require((plan["model"] as? [String: Any])?["options"] as? [String: Any])
    }
    let former = try train(
      sandbox, "former", ["--memory", "low", "--set", "model.schedule=static", "--config", "former.yaml"])
    #expect(former.status == 0, "\(former.err)")
    for note in [
      "--memory is now called --recompute", "--memory: model.recompute=low is now called model.recompute=true",
      "--set model.schedule=static: model.schedule is now called model.work-distribution",
      "former.yaml, line 1: model.frozen-bn=eval is now called model.frozen-bn-statistics=running",
    ] { #expect(former.err.contains(note), "\(note)") }
    let today = try train(sandbox, "today", ["--recompute", "--set", "model.frozen-bn-statistics=running"])
    #expect(today.status == 0 && !today.err.contains("is now called"), "\(today.err)")
    #expect(try options("former") as NSDictionary == options("today") as NSDictionary)
    #expect(try options("today")["recompute"] as? Bool == true && options("today")["memory"] == nil)
    #expect(try bytes(sandbox, "former/history.json") == bytes(sandbox, "today/history.json"))

    var record = try sandbox.json("today/run.json")
    var plan = try #require(record["plan"] as? [String: Any])
    var model = try #require(plan["model"] as? [String: Any])
    var words = try options("today")
    for name in ["recompute", "frozen-bn-statistics", "work-distribution"] { words[name] = nil }
    (words["memory"], words["frozen-bn"], words["schedule"]) = ("low", "eval", "static")
    model["options"] = words
    plan["model"] = model
    record["plan"] = plan
    try JSONSerialization.data(withJSONObject: record)
      .write(to: URL(fileURLWithPath: "\(sandbox.root)/work/today/run.json"))
    let resumed = try sandbox.toys(["train", "--resume", "today"])
    #expect(resumed.status == 0, "\(resumed.err)")
    #expect(resumed.err.contains("run.json: model.memory=low is now called model.recompute=true"))
  }

  @Test func aProfileTellsWhereTheTimeWent() throws {
    let sandbox = try Sandbox(plugins: Self.plugins)
    let outcome = try train(sandbox, "run", ["--profile", "--micro-batch", "3"])
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.contains("goes through the model in 3 parts of at most 3"))
    for part in ["time breakdown", "convolution 1x1", "optimiser", "waiting for data", "augmentation"] {
      #expect(outcome.out.contains(part), "\(part)")
    }
    let timing = try #require(
      JSONSerialization.jsonObject(with: bytes(sandbox, "run/timing.json")) as? [String: Any])
    let profile = try #require(timing["profile"] as? [String: Any])
    let seconds = try #require(profile["seconds"] as? [String: Double])
    #expect(profile["steps"] as? Int == 12 && seconds.values.allSatisfy { $0 > -0.05 })
  }

  @Test func theNumberOfWorkersDoesNotChangeAByte() throws {
    let sandbox = try Sandbox(plugins: Self.plugins)
    for workers in ["0", "1", "4"] { #expect(try train(sandbox, "w\(workers)", ["--workers", workers]).status == 0) }
    for file in ["history.json", "final_model.pth"] {
      let reference = try bytes(sandbox, "w0/\(file)")
      #expect(try bytes(sandbox, "w1/\(file)") == reference && bytes(sandbox, "w4/\(file)") == reference)
    }
  }

  /// A dataset in plain C11, two classes of 16×16 images, trains with the recipe's own model: nothing of Swift crosses.
  @Test func theRecipeTrainsOnADatasetInC() throws {
    let sandbox = try Sandbox(plugins: ["EmotionDenseNet", "AugmentFace", "TrainerSupervised"])
    let compiler = Process()
    compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    compiler.arguments = [
      "cc", "-std=c11", "-O1", "-fPIC", "-shared", "-fvisibility=hidden", "-I",
      "\(Sandbox.package)/Sources/CSentryPlugin/include",
      "\(Sandbox.package)/Tests/Integration/PluginTests/Plugins/dataset_c.c", "-o",
      "\(sandbox.root)/plugins/libdataset_c.so",
    ]
    try compiler.run()
    compiler.waitUntilExit()
    try #require(compiler.terminationStatus == 0)
    let outcome = try sandbox.toys(
      [
        "train", "emotion", "--dataset", "test-c-light", "--output", "c", "--set", "dataset.count=64", "--set",
        "run.augmentation=none",
      ]
        + Self.small)
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.contains("generated in C") && outcome.out.contains("task light"))
  }

  @Test func predictAnswersWithTheClassesOfTheCheckpoint() throws {
    let sandbox = try Sandbox(plugins: Self.plugins)
    #expect(try train(sandbox, "run", ["--epochs", "1"]).status == 0)
    let inputs = (0..<3072).map { (index: Int) -> Float in Float(index % 97) / 97 - 0.5 }
    try NPYFile.write(StoredTensor(inputs, shape: [3, 1, 32, 32]), to: "\(sandbox.root)/work/three.npy")
    let outcome = try sandbox.toys(["predict", "--model", "run/best_model.pth", "three.npy", "--output", "judged"])
    #expect(outcome.status == 0, "\(outcome.err)")
    let lines = outcome.out.split(separator: "\n")
    #expect(lines.count == 4 && lines[0] == "sample,task,predicted,p_neutral,p_happy,p_sad,p_surprise,p_fear,p_anger")
    #expect(lines[1].hasPrefix("three.npy[0],emotion,"))
    for line in lines.dropFirst() {
      let probabilities = line.split(separator: ",").dropFirst(3).compactMap { Double($0) }
      #expect(probabilities.count == 6 && abs(probabilities.reduce(0, +) - 1) < 1e-5)
    }
    #expect(try NPYFile.read("\(sandbox.root)/work/judged/emotion_logits.npy").shape == [3, 6])

    try NPYFile.write(
      StoredTensor([Float](repeating: 0, count: 9), shape: [3, 3]), to: "\(sandbox.root)/work/other.npy")
    let misfit = try sandbox.toys(["predict", "--model", "run/best_model.pth", "other.npy"])
    #expect(
      misfit.status == 64 && misfit.err.contains("other.npy has the shape [3, 3], but the model takes [1, 32, 32]"))
    let foreign = try sandbox.toys(["predict", "--model", "run/history.json", "three.npy"])
    #expect(foreign.status != 0 && foreign.err.contains("history.json"))
  }
}
