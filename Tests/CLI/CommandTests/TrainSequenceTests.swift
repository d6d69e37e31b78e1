import Foundation
import SentryFormats
import SentryTestSupport
import Testing

/// The recipes posture and classifier through the real program and the real plugins, small, and their checkpoints in PyTorch.
@Suite struct TrainSequenceTests {
  private static let plugins = [
    "PostureTCNLSTM", "ClassifierHeads", "DatasetSyntheticPosture", "DatasetFeatures", "AugmentSequence",
    "TrainerSupervised",
  ]

  private func trainPosture(_ sandbox: Sandbox, _ more: [String] = []) throws -> Sandbox.Outcome {
    try sandbox.toys(
      [
        "train", "posture", "--dataset", "synthetic-posture", "--output", "run", "--epochs", "2", "--lr", "1e-3",
        "--threads", "2", "--set", "dataset.count=96", "--set", "dataset.validation-count=48",
      ] + more)
  }

  private func trainClassifier(_ sandbox: Sandbox, _ more: [String] = []) throws -> Sandbox.Outcome {
    let folder = "\(sandbox.root)/work/features"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var labels: [String] = []
    for item in 0..<60 {
      let vector = (0..<24).map { Float(($0 * 7 + item * 3) % 11) / 5 + ($0 % 3 == item % 3 ? 1 : 0) }
      try NPYFile.write(StoredTensor(vector, shape: [24]), to: "\(folder)/item\(item).npy")
      labels.append("\"item\(item)\": {\"stress\": \(item % 3)\(item % 2 == 0 ? ", \"anxiety\": \(item % 4)" : "")}")
    }
    try "{\(labels.joined(separator: ", "))}".write(
      toFile: "\(sandbox.root)/work/labels.json", atomically: true, encoding: .utf8)
    return try sandbox.toys(
      [
        "train", "classifier", "--features", "features", "--labels", "labels.json", "--output", "heads", "--epochs",
        "3",
        "--batch-size", "8", "--threads", "2",
      ] + more)
  }

  /// The loss that selects the classifier is that of the split: with a rate of zero nothing but the batches differs.
  @Test func theValidationLossDoesNotDependOnTheBatchSize() throws {
    var losses: [Double] = []
    for batch in ["1", "5", "48"] {
      let sandbox = try Sandbox(plugins: Self.plugins)
      let outcome = try trainClassifier(
        sandbox,
        ["--epochs", "1", "--batch-size", batch, "--lr", "0", "--set", "trainer.class-weights=inverse"])
      #expect(outcome.status == 0, "\(outcome.err)")
      let file = URL(fileURLWithPath: "\(sandbox.root)/work/heads/history.json")
      let history = try #require(
        try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
      losses.append(try #require((history["val_loss"] as? [Double])?.first))
    }
    #expect(losses.allSatisfy { abs($0 - losses[0]) < 1e-5 }, "\(losses)")
  }

  @Test func postureLeavesWhatTheReadmeSays() throws {
    let sandbox = try Sandbox(plugins: Self.plugins)
    let outcome = try trainPosture(sandbox)
    #expect(outcome.status == 0, "\(outcome.err)")
    let checkpoint = try PyTorchFile.read("\(sandbox.root)/work/run/best_model.pth")
    let state = try #require(checkpoint["model_state_dict"]).stateDict(file: "best_model.pth")
    #expect(state.contains { $0.name == "lstm.weight_hh_l1" && $0.tensor.shape == [512, 128] })
    #expect(state.contains { $0.name == "trajectory_classifier.3.weight" && $0.tensor.shape == [3, 64] })
    #expect(checkpoint["sentry"]?["tasks"]?.elements?.count == 3)

    let inputs = (0..<900).map { (index: Int) -> Float in Float(index % 89) / 44 - 1 }
    try NPYFile.write(StoredTensor(inputs, shape: [2, 30, 15]), to: "\(sandbox.root)/work/two.npy")
    let predict = ["predict", "--model", "run/best_model.pth", "two.npy"]
    func lines(_ more: [String]) throws -> [[String]] {
      let outcome = try sandbox.toys(predict + more)
      #expect(outcome.status == 0, "\(outcome.err)")
      return outcome.out.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    }
    #expect(try lines([]).count == 9)
    let sampled = try lines(["--mc-dropout", "20", "--output", "judged"])
    #expect(sampled.count == 9)
    #expect(
      sampled[0] == ["sample", "task", "predicted"]
        + ["p_", "sd_"].flatMap { prefix in
          ["upright", "slouched", "open", "closed"].map { prefix + $0 }
        })
    let numbers = sampled[1].dropFirst(3).compactMap(Double.init)
    #expect(numbers.count == 8 && abs(numbers[..<4].reduce(0, +) - 1) < 1e-5)
    #expect(numbers[4...].allSatisfy { $0 > 0 && $0 < 0.6 })
    #expect(try NPYFile.read("\(sandbox.root)/work/judged/stress_deviations.npy").shape == [2, 4])
    #expect(try lines(["--mc-dropout", "20"]) == sampled)
    #expect(try lines(["--mc-dropout", "20", "--seed", "7"]) != sampled)
    #expect(try sandbox.toys(predict + ["--mc-dropout", "1"]).status == 64)
    let again = try sandbox.toys(predict + ["--mc-dropout", "20", "--output", "judged"])
    #expect(again.status == 64 && again.err.contains("--overwrite"))
  }

  /// Recordings are cut and normalised as in validation; the class of the long one's windows is that of the windows alone.
  @Test func recordingsAreJudgedWindowByWindow() throws {
    let sandbox = try Sandbox(plugins: Self.plugins)
    #expect(try trainPosture(sandbox, ["--epochs", "1"]).status == 0)
    let values = (0..<75 * 15).map { (index: Int) -> Float in Float(index % 83) / 20 - 2 }
    let folder = "\(sandbox.root)/work/recordings"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    func write(_ frames: Range<Int>, _ name: String) throws {
      try NPYFile.write(
        StoredTensor(Array(values[frames.lowerBound * 15..<frames.upperBound * 15]), shape: [frames.count, 15]),
        to: "\(folder)/\(name).npy")
    }
    try write(0..<75, "long")
    try write(30..<60, "part")
    let predict = ["predict", "--model", "run/best_model.pth", "--csv"]
    let outcome = try sandbox.toys(predict + ["recordings", "--raw"])
    #expect(outcome.status == 0, "\(outcome.err)")
    let lines = outcome.out.split(separator: "\n").map { $0.split(separator: ",", maxSplits: 1).map(String.init) }
    #expect(
      lines.map { $0[0] } == ["sample", "recordings/long.npy[0]", "recordings/long.npy[1]", "recordings/part.npy"])
    #expect(lines[0][1].contains("posture_predicted") && lines[0][1].contains("stress_p_calm"))
    #expect(lines[2][1] == lines[3][1] && lines[1][1] != lines[2][1])
    // Nothing has to be said for that: what the training's folder holds is a recording.
    #expect(try sandbox.toys(predict + ["recordings"]).out == outcome.out)
    let asTheyAre = try sandbox.toys(predict + ["recordings/part.npy", "--prepared"])
    #expect(asTheyAre.status == 0 && !asTheyAre.out.contains(lines[3][1]), "not normalised")
    let refused = try sandbox.toys(predict + ["recordings/long.npy", "--prepared"])
    #expect(
      refused.status == 64 && refused.err.contains("recordings are prepared without --prepared"), "\(refused.err)")
    try NPYFile.write(
      StoredTensor(Array(values[..<(60 * 15)]), shape: [2, 30, 15]), to: "\(sandbox.root)/work/inputs.npy")
    let mixed = try sandbox.toys(predict + ["recordings/long.npy", "inputs.npy"])
    #expect(
      mixed.status == 64
        && mixed.err.contains(
          "recordings/long.npy is a recording [75, 15], and inputs.npy holds inputs of the model [2, 30, 15]"),
      "\(mixed.err)")
    let light = try sandbox.toys(predict + ["recordings", "--raw", "--low-light"])
    #expect(light.status == 64 && light.err.contains("without an option 'low-light'"), "\(light.err)")
  }

  @Test func aModelWithoutDropOutDoesNotSample() throws {
    let sandbox = try Sandbox(plugins: Self.plugins)
    let outcome = try trainPosture(sandbox, ["--epochs", "1", "--set", "model.dropout-scale=0"])
    #expect(outcome.status == 0, "\(outcome.err)")
    try NPYFile.write(
      StoredTensor([Float](repeating: 0, count: 450), shape: [30, 15]), to: "\(sandbox.root)/work/one.npy")
    let refused = try sandbox.toys(["predict", "--model", "run/best_model.pth", "one.npy", "--mc-dropout", "5"])
    #expect(refused.status != 0 && refused.err.contains("no dropout"))
  }

  @Test func classifierLeavesWhatTheReadmeSays() throws {
    let sandbox = try Sandbox(plugins: Self.plugins)
    let outcome = try trainClassifier(sandbox)
    #expect(outcome.status == 0, "\(outcome.err)")
    for name in ["best_classifier.pth", "final_classifier.pth"] {
      let checkpoint = try PyTorchFile.read("\(sandbox.root)/work/heads/\(name)")
      let state = try #require(checkpoint["model_state_dict"]).stateDict(file: name)
      #expect(state.contains { $0.name == "stress_head.layers.6.weight" && $0.tensor.shape == [3, 128] })
      #expect(state.contains { $0.name == "anxiety_head.layers.6.weight" && $0.tensor.shape == [4, 128] })
      #expect(!state.contains { $0.name.hasPrefix("depression") })
      #expect(state.contains { $0.name == "temperature" })
    }
    #expect(FileManager.default.fileExists(atPath: "\(sandbox.root)/work/heads/report.html"), "\(outcome.err)")
    // Twelve validation samples are too few for a temperature: that of training stays, and it is said.
    #expect((outcome.out + outcome.err).contains("best_classifier.pth: temperature 1.500 is kept: "), "\(outcome.out)")
    let record = try String(contentsOfFile: "\(sandbox.root)/work/heads/run.json", encoding: .utf8)
    #expect(record.contains("each half needs 30"))
    let evaluate = ["evaluate", "--model", "heads/best_classifier.pth", "--features", "features"]
    let evaluated = try sandbox.toys(evaluate + ["--labels", "labels.json", "--output", "evaluated"])
    #expect(evaluated.status == 0, "\(evaluated.err)")
    #expect(FileManager.default.fileExists(atPath: "\(sandbox.root)/work/evaluated/metrics.json"))
    let twice = try sandbox.toys(evaluate + ["--data", "features", "--output", "twice"])
    #expect(twice.status == 64 && twice.err.contains("--data is given in two ways"), "\(twice.err)")
    let help = try sandbox.toys(["train", "classifier", "--help"])
    #expect(help.out.contains("never a diagnosis") && help.out.contains("--features") && help.out.contains("--labels"))
  }

  @Test(.enabled(if: PeerPython.interpreter != nil, "\(PeerPython.missing)"))
  func pyTorchGivesTheSameLogits() throws {
    let sandbox = try Sandbox(plugins: Self.plugins)
    #expect(try trainPosture(sandbox).status == 0)
    #expect(try trainClassifier(sandbox).status == 0)
    for checkpoint in ["run/best_model.pth", "heads/best_classifier.pth"] {
      let (status, text) = try sandbox.verify(checkpoint)
      #expect(status == 0 && text.contains("torch.optim.AdamW took over"), "\(text)")
      // ONNX with and without folded norms, safetensors and .pth, in batches of 1 and 5.
      let (exported, said) = try sandbox.verify(checkpoint, by: "verify_export.py")
      #expect(exported == 0 && said.split(separator: "\n").count { $0.contains("largest difference") } == 8, "\(said)")
    }
  }

  /// Both ways: PyTorch's optimiser takes our state over and goes on with it, and we go on from what torch.save makes of that.
  @Test(.enabled(if: PeerPython.interpreter != nil, "\(PeerPython.missing)"), arguments: ["AdamW", "SGD"])
  func pyTorchTakesTheRunOverAndGivesItBack(_ optimizer: String) throws {
    let sandbox = try Sandbox(plugins: Self.plugins)
    let settings =
      ["--epochs", "1", "--set", "trainer.optimizer=\(optimizer.lowercased())"]
      + (optimizer == "SGD" ? ["--set", "trainer.nesterov=true", "--set", "trainer.weight-decay=0.0005"] : [])
    #expect(try trainPosture(sandbox, settings).status == 0)
    let script = """
      import sys, torch
      sys.path.insert(0, sys.argv[1])
      from reference_posture import load
      model, checkpoint = load(sys.argv[2])
      optimizer = getattr(torch.optim, sys.argv[3])(model.parameters(), lr=5e-4)
      optimizer.load_state_dict(checkpoint["optimizer_state_dict"])
      group = optimizer.param_groups[0]
      assert set(type(optimizer)(model.parameters()).param_groups[0]) <= set(group), group
      if sys.argv[3] == "SGD":
          assert (group["momentum"], group["dampening"], group["nesterov"], group["weight_decay"]) == (0.9, 0, True, 0.0005), group
          assert all("momentum_buffer" in optimizer.state[parameter] for parameter in model.parameters())
      def save(path):
          torch.save({"epoch": 1, "model_state_dict": model.state_dict(), "optimizer_state_dict": optimizer.state_dict()}, path)
      save("handed.pth")
      model.train()
      before = [parameter.detach().clone() for parameter in model.parameters()]
      logits = model(torch.randn(8, 30, 15, generator=torch.Generator().manual_seed(0)))
      sum(torch.nn.functional.cross_entropy(values, torch.arange(8) % values.shape[1]) for values in logits.values()).backward()
      optimizer.step()
      # Adam moves each number by about its learning rate; a state that was lost would show in the number of steps.
      moved = max(float((a - b).abs().max()) for a, b in zip(model.parameters(), before))
      assert 0 < moved < (10 * group["lr"] if sys.argv[3] == "AdamW" else 1), moved
      save("stepped.pth")
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(PeerPython.interpreter))
    process.arguments = ["-c", script, "\(Sandbox.package)/scripts", "run/final_model.pth", optimizer]
    process.currentDirectoryURL = URL(fileURLWithPath: "\(sandbox.root)/work")
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)

    func goOn(from start: String, to output: String) throws -> (state: PickleValue, weights: [String: [UInt8]]) {
      let outcome = try trainPosture(sandbox, settings + ["--init-weights", start, "--output", output])
      #expect(outcome.status == 0 && (outcome.out + outcome.err).contains("of its optimiser's state"), "\(outcome.err)")
      let checkpoint = try PyTorchFile.read("\(sandbox.root)/work/\(output)/final_model.pth")
      let weights = try #require(checkpoint["model_state_dict"]).stateDict(file: output)
      return (
        try #require(checkpoint["optimizer_state_dict"]?["state"]),
        try Dictionary(uniqueKeysWithValues: weights.map { ($0.name, try $0.tensor.bytes()) })
      )
    }
    let ours = try goOn(from: "run/final_model.pth", to: "ours")
    let handed = try goOn(from: "handed.pth", to: "handed")
    let stepped = try goOn(from: "stepped.pth", to: "stepped")
    #expect(ours.weights == handed.weights)
    #expect(ours.weights != stepped.weights && ours.weights.keys == stepped.weights.keys)
    let numbers = try #require(ours.state.dictionary).keys
    #expect(numbers.count > 40)
    for number in numbers {
      func slot(_ state: PickleValue, _ name: String) throws -> StoredTensor {
        try #require(state.dictionary?[number]?[name]?.tensor)
      }
      for name in optimizer == "SGD" ? ["momentum_buffer"] : ["exp_avg", "exp_avg_sq", "step"] {
        #expect(try slot(ours.state, name).bytes() == slot(handed.state, name).bytes(), "\(name) of \(number)")
      }
      guard optimizer == "AdamW" else { continue }
      #expect(try slot(stepped.state, "step").floats() == slot(ours.state, "step").floats().map { $0 + 1 })
    }
    // Of another optimiser than the run's, only the weights are taken, and the user is told.
    let other = optimizer == "SGD" ? "adamw" : "sgd"
    let taken = try trainPosture(
      sandbox,
      ["--epochs", "1", "--set", "trainer.optimizer=\(other)", "--start", "handed.pth", "--output", "other"])
    #expect(taken.status == 0 && taken.err.contains("the state of its optimiser is not used"), "\(taken.err)")
    #expect(taken.out.contains("only the weights"))
  }
}
