import Foundation
import SentryFormats
import Testing

/// What epochs do differently: the size of their inputs, and whether they are validated.
@Suite struct EpochPlanTests {
  private static let plugins = ["EmotionDenseNet", "DatasetSyntheticFaces", "AugmentFace", "TrainerSupervised"]
  private static let small = [
    "--dataset", "synthetic-faces", "--batch-size", "8", "--lr", "1e-3", "--threads", "1", "--set", "dataset.count=24",
    "--set", "dataset.validation-count=8",
  ]
  private static let plan = ["--set", "run.image-size-schedule=48:2,32:2", "--validate-every", "3"]

  private func bytes(_ sandbox: Sandbox, _ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(sandbox.root)/work/\(path)"))
  }

  /// Killed when the last epoch of the first size is told, and resumed with another number of loaders.
  @Test func sizesAndRareValidations() throws {
    let sandbox = try Sandbox(plugins: Self.plugins)
    let whole = try sandbox.toys(["train", "emotion", "--output", "whole"] + Self.small + Self.plan)
    #expect(whole.status == 0, "\(whole.err)")
    #expect(whole.out.contains("48 in epochs 1 to 2, 32 in epochs 3 to 4"))
    let history = try #require(sandbox.json("whole/history.json") as? [String: [Any]])
    #expect(history["val_acc"]?.map { $0 is NSNull } == [true, true, false, false])
    #expect(history["input_size"] as? [Int] == [48, 48, 32, 32])
    for file in ["best_model.pth", "final_model.pth"] {
      let about = try PyTorchFile.read("\(sandbox.root)/work/whole/\(file)")["sentry"]
      #expect(about?["input"]?["shape"]?.elements?.map(\.int) == [1, 32, 32])
      #expect(about?["augmenter"]?["options"]?["size"]?.int == 32)
    }
    let run = try #require((sandbox.json("whole/run.json")["plan"] as? [String: Any])?["run"] as? [String: Any])
    #expect(run["epochs"] as? Int == 4 && run["size-schedule"] as? String == "48:2,32:2")

    let record = "\(sandbox.root)/work/killed/history.json"
    let killed = try sandbox.run(
      ["--plugin-dir", "\(sandbox.root)/plugins", "train", "emotion", "--output", "killed"] + Self.small + Self.plan
    ) { _ in
      (try? String(contentsOfFile: record, encoding: .utf8))?.contains(
        #/"input_size"\s*:\s*\[\s*48(\.0)?,\s*48(\.0)?\s*\]/#) == true
    }
    #expect(killed.wasKilled, "\(killed.err)")
    let resumed = try sandbox.toys(["train", "--resume", "killed", "--workers", "0"])
    #expect(resumed.status == 0, "\(resumed.err)")
    for file in ["history.json", "best_model.pth", "final_model.pth"] {
      #expect(try bytes(sandbox, "killed/\(file)") == bytes(sandbox, "whole/\(file)"), "\(file)")
    }

    let shown = try sandbox.toys(["runs", "show", "whole"])
    #expect(shown.status == 0 && shown.out.contains("–"), "\(shown.err)")
    let compared = try sandbox.toys(["runs", "compare", "whole", "killed", "--json"])
    #expect(compared.status == 0, "\(compared.err)")
    let evaluated = try sandbox.toys(
      ["evaluate", "--model", "whole/best_model.pth", "--output", "judged", "--threads", "1", "--draws", "0"])
    #expect(evaluated.status == 0, "\(evaluated.err)")
  }

  @Test(arguments: [
    (["emotion", "--image-size-schedule", "48:2,16:1"], "model.input-size is 16 but must be at least 32"),
    (["emotion", "--image-size-schedule", "48:2,64"], "is \"48:2,64\" but must be SIZE:EPOCHS"),
    (["emotion", "--image-size-schedule", "32:1,48:1", "--epochs", "3"], "ends after 2 epochs"),
    (["emotion", "--image-size-schedule", "32:1,48:1", "--image-size", "32"], "ends with the size 48"),
    (["posture", "--set", "run.image-size-schedule=32:1,48:1"], "which is a flag of 'emotion'"),
    (["posture", "--set", "run.size-schedule=32:1,48:1"], "have no size that could change between epochs"),
    (["emotion", "--validate-every", "0"], "run.validate-every is 0 but must be at least 1"),
  ]) func whatCannotBeIsToldBeforeTrainingBegins(arguments: [String], told: String) throws {
    let sandbox = try Sandbox(plugins: Self.plugins + ["PostureTCNLSTM", "DatasetSyntheticPosture", "AugmentSequence"])
    let dataset = arguments[0] == "emotion" ? "synthetic-faces" : "synthetic-posture"
    let outcome = try sandbox.toys(["train"] + arguments + ["--dataset", dataset, "--output", "run"])
    #expect(outcome.status == 64 && outcome.err.contains(told), "\(outcome.err)")
    #expect(!FileManager.default.fileExists(atPath: "\(sandbox.root)/work/run"))
  }
}
