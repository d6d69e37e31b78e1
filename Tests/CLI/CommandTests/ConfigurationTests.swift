import Foundation
import Testing

@Suite struct ConfigurationTests {
  @Test func configurationFilesStandBetweenRecipeAndCommandLine() throws {
    let sandbox = try Sandbox()
    try Data("run:\n  epochs: many\n".utf8).write(to: URL(fileURLWithPath: sandbox.root + "/work/c.yaml"))
    let wrong = try sandbox.toys(["train", "toy", "--config", "c.yaml"])
    #expect(wrong.status == 64)
    #expect(wrong.err.contains("c.yaml, line 2: run.epochs is \"many\" but must be of type integer"))
  }

  /// The file that docs/training.md shows, and an option of the command line over it.
  @Test func theFileOfTheDocumentTrains() throws {
    let sandbox = try Sandbox(plugins: [
      "EmotionDenseNet", "DatasetSyntheticFaces", "AugmentFace", "TrainerSupervised",
    ])
    let file = (#filePath as NSString).deletingLastPathComponent + "/Fixtures/faces.yaml"
    let outcome = try sandbox.toys(["train", "emotion", "--config", file, "--epochs", "1"])
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.contains("epoch 1/1: train loss") && outcome.out.contains("models/small/best_model.pth"))
    let record = try Data(contentsOf: URL(fileURLWithPath: "\(sandbox.root)/work/models/small/run.json"))
    let object = try #require(JSONSerialization.jsonObject(with: record) as? [String: Any])
    let plan = try #require(object["plan"] as? [String: Any])
    func options(_ component: String) throws -> [String: Any] {
      try #require((plan[component] as? [String: Any])?["options"] as? [String: Any])
    }
    #expect(try options("dataset")["count"] as? Int == 64 && options("model")["input-size"] as? Int == 32)
    #expect(try options("trainer")["task-weights"] as? [String: Double] == ["emotion": 1])
    #expect((plan["run"] as? [String: Any])?["batch-size"] as? Int == 16)
  }
}
